package io.tessellate.pipeline.terminal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.evaluator.view.PipelineLogs;
import io.tessellate.evaluator.view.TaskState;
import io.tessellate.evaluator.view.TaskStatus;
import io.tessellate.event.RejectionReason;
import io.tessellate.event.TaskEvent;
import io.tessellate.event.TaskNoted;
import io.tessellate.event.TaskOpened;
import io.tessellate.event.TaskRejected;
import io.tessellate.event.TrainingEvent;
import io.tessellate.event.TrainingProgress;
import io.tessellate.event.TrainingStarted;
import io.tessellate.id.Sha256;
import io.tessellate.id.TaskId;
import io.tessellate.lineage.log.LoggedEvent;
import io.tessellate.lineage.log.RegistryEvent;
import io.tessellate.mask.ParameterSpace;
import io.tessellate.mask.grant.Ownership;
import io.tessellate.registry.client.SharedLogs;
import io.tessellate.runtime.config.KafkaSettings;
import io.tessellate.runtime.kafka.KafkaClients;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TaskWatchTest {
    private static final TaskId TASK = TaskId.of("glue", "sst2");
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final KafkaClients clients = new KafkaClients(KafkaSettings.of("127.0.0.1:1", "mock://watch"));
    private final PipelineLogs logs = new PipelineLogs(clients, SharedLogs.of(clients, Clock.systemUTC()));
    private final TaskWatch watch = new TaskWatch(
            logs,
            new Terminal(
                    new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8),
                    new PrintStream(err, true, StandardCharsets.UTF_8),
                    false));

    @AfterEach
    void close() {
        clients.close();
    }

    @Test
    void trainingIsShownWithPhaseStepLossAndTimeLeft() {
        logs.tasks()
                .apply(TrainingEvent.newBuilder()
                        .setModel("glue")
                        .setTask("sst2")
                        .setRunId("run-1")
                        .setAt(NOW)
                        .setStarted(TrainingStarted.newBuilder()
                                .setAttempt(1)
                                .setResumedAtStep(0)
                                .setParentVersion(0)
                                .build())
                        .build());
        logs.tasks()
                .apply(TrainingProgress.newBuilder()
                        .setModel("glue")
                        .setTask("sst2")
                        .setRunId("run-1")
                        .setPhase("train")
                        .setStep(12)
                        .setSteps(40)
                        .setLoss(0.4567)
                        .setSecondsLeft(8.4)
                        .setAt(NOW.plusSeconds(1))
                        .build());
        watch.await(List.of(TASK), state -> state instanceof TaskState.Training);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .isEqualTo("glue/sst2  train step 12 of 40, loss 0.457, 8 s left\n");
    }

    @Test
    void aRefusalEndsTheWaitAndCarriesItsCode() {
        logs.tasks()
                .apply(TaskEvent.newBuilder()
                        .setModel("glue")
                        .setTask("sst2")
                        .setAt(NOW)
                        .setRejected(TaskRejected.newBuilder()
                                .setCode("COUNT_MISMATCH")
                                .setMessage("3 records came, 5 were announced")
                                .build())
                        .build());
        List<TaskStatus> status = watch.await(List.of(TASK), state -> state instanceof TaskState.Evaluated);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("rejected: COUNT_MISMATCH: 3 records came");
        assertThatThrownBy(() -> TaskWatch.requireSound(status.get(0)))
                .isInstanceOfSatisfying(
                        TessellateException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.COUNT_MISMATCH))
                .hasMessageContaining("3 records came, 5 were announced");
    }

    @Test
    void theKindsOfBadRecordsAreNamedWithAnExampleEach() {
        rejected(NOW, "TOO_MANY_BAD_RECORDS", new RejectionReason("UNKNOWN_LABEL", 12L, "label 'x' is none of [a, b]"));
        List<TaskStatus> status = watch.await(List.of(TASK), TaskState::isFinal);
        assertThatThrownBy(() -> TaskWatch.requireSound(status.get(0)))
                .hasMessageContaining("12 x UNKNOWN_LABEL, the first: label 'x' is none of [a, b]");
    }

    @Test
    void aModelThatIsParkedEndsTheWaitWithWhatToDo() {
        registry(new RegistryEvent.ModelRegistered(
                Sha256.of(new byte[0]), List.of(), new ParameterSpace(List.of()), Ownership.EXCLUSIVE, 0.05));
        opened();
        registry(new RegistryEvent.ModelParked(ErrorCode.BLOB_DAMAGED, "an adapter is damaged", null, null, null));
        List<TaskStatus> status = watch.await(List.of(TASK), TaskState::isFinal);
        assertThatThrownBy(() -> TaskWatch.requireSound(status.get(0)))
                .isInstanceOfSatisfying(
                        TessellateException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.MODEL_PARKED))
                .hasMessageContaining("an adapter is damaged")
                .hasMessageContaining("tessellate resume glue");
    }

    @Test
    void aTaskOfAModelThatNobodyRegisteredEndsTheWait() {
        opened();
        List<TaskStatus> status = watch.await(List.of(TASK), TaskState::isFinal);
        assertThatThrownBy(() -> TaskWatch.requireSound(status.get(0)))
                .isInstanceOfSatisfying(
                        TessellateException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNKNOWN_MODEL));
    }

    @Test
    void theFailureOfTheAttemptBeforeDoesNotEndTheWaitForTheNext() {
        rejected(NOW, "COUNT_MISMATCH");
        watch.isKnown(logs.tasks().task(TASK).orElseThrow());
        rejected(NOW.plusSeconds(1), "EMPTY_SPLIT");
        List<TaskStatus> status = watch.await(List.of(TASK), TaskState::isFinal);
        assertThat(status.get(0).state().problem())
                .satisfies(problem -> assertThat(problem.code()).isEqualTo("EMPTY_SPLIT"));
    }

    @Test
    void whatIsNotedAboutATaskIsShownOnce() {
        opened();
        logs.tasks()
                .apply(event(NOW)
                        .setNoted(new TaskNoted("RECORDS_AT_RISK", "retention.ms is 60000"))
                        .build());
        rejected(NOW, "EMPTY_SPLIT");
        watch.await(List.of(TASK), TaskState::isFinal);
        watch.await(List.of(TASK), TaskState::isFinal);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .containsOnlyOnce("glue/sst2  RECORDS_AT_RISK: retention.ms is 60000");
    }

    private void opened() {
        logs.tasks()
                .apply(event(NOW).setOpened(new TaskOpened("tasks.glue.sst2")).build());
    }

    private void rejected(Instant at, String code, RejectionReason... reasons) {
        logs.tasks()
                .apply(event(at)
                        .setRejected(new TaskRejected(code, "why", null, List.of(reasons)))
                        .build());
    }

    private static TaskEvent.Builder event(Instant at) {
        return TaskEvent.newBuilder().setModel("glue").setTask("sst2").setAt(at);
    }

    private void registry(RegistryEvent event) {
        LoggedEvent entry = new LoggedEvent(TASK.model(), logs.lineage().sequence(TASK.model()) + 1, null, NOW, event);
        logs.lineage().apply(entry);
        logs.tasks().apply(entry);
    }
}
