package io.tessellate.evaluator.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.tessellate.error.ErrorCode;
import io.tessellate.event.BlobReference;
import io.tessellate.event.EarlierDataGone;
import io.tessellate.event.ForgettingRow;
import io.tessellate.event.RecordCounts;
import io.tessellate.event.RejectionReason;
import io.tessellate.event.TaskCounted;
import io.tessellate.event.TaskDuplicate;
import io.tessellate.event.TaskEvent;
import io.tessellate.event.TaskManifest;
import io.tessellate.event.TaskNotMeasured;
import io.tessellate.event.TaskNoted;
import io.tessellate.event.TaskOpened;
import io.tessellate.event.TaskReady;
import io.tessellate.event.TaskRejected;
import io.tessellate.event.TrainingCompleted;
import io.tessellate.event.TrainingEvent;
import io.tessellate.event.TrainingFailed;
import io.tessellate.event.TrainingProgress;
import io.tessellate.event.TrainingStarted;
import io.tessellate.event.View;
import io.tessellate.event.ViewScores;
import io.tessellate.id.ModelName;
import io.tessellate.id.RunId;
import io.tessellate.id.Sha256;
import io.tessellate.id.TaskId;
import io.tessellate.id.TaskName;
import io.tessellate.lineage.Lineage;
import io.tessellate.lineage.log.LoggedEvent;
import io.tessellate.lineage.log.RaceCodec;
import io.tessellate.lineage.log.RegistryEvent;
import io.tessellate.lineage.log.StoredFile;
import io.tessellate.mask.ParameterSpace;
import io.tessellate.mask.grant.Ownership;
import io.tessellate.recipe.RaceCandidate;
import io.tessellate.recipe.RaceResult;
import io.tessellate.recipe.RaceTrial;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PipelineViewTest {
    private static final TaskId TASK = TaskId.of("bot", "tone");
    private static final Instant START = Instant.parse("2026-11-20T12:00:00Z");
    private static final String RUN = "run-1";
    private static final String DIGEST = "0".repeat(64);

    private final Lineage lineage = new Lineage();
    private final PipelineView view = new PipelineView(lineage);

    @Test
    void aTaskGoesFromItsFirstRecordToItsRow() {
        opened(0);
        assertThat(state()).isEqualTo(new TaskState.Arriving());
        ready(1);
        assertThat(state()).isEqualTo(new TaskState.Ready());
        training(2, event -> event.setStarted(new TrainingStarted(1, 0L, 0)));
        assertThat(state()).isEqualTo(new TaskState.Training("start", 0, 0, null, null));
        progress(3, 30, 0.5);
        assertThat(state()).isEqualTo(new TaskState.Training("train", 30, 120, 0.5, 12.0));
        completed(4);
        assertThat(state()).isEqualTo(new TaskState.Training("commit", 0, 0, null, null));
        committed(5);
        assertThat(state()).isEqualTo(new TaskState.Committed(1));
        assertThat(state().isFinal()).isFalse();
        evaluated(6);
        assertThat(state()).isEqualTo(new TaskState.Evaluated(1));
        assertThat(state().isFinal()).isTrue();

        TaskStatus status = view.task(TASK).orElseThrow();
        assertThat(status.counts()).isEqualTo(new Counts(10, 7, 2, 1));
        assertThat(status.version()).isEqualTo(1);
        assertThat(status.firstSeen()).isEqualTo(START);
        assertThat(status.updated()).isEqualTo(START.plusSeconds(6));
        assertThat(status.toJson())
                .containsEntry("task", "bot/tone")
                .containsEntry("state", "EVALUATED")
                .containsEntry("version", 1)
                .containsEntry("read", 10L)
                .containsEntry("accepted", 7L)
                .containsEntry("deadLettered", 2L)
                .containsEntry("duplicates", 1L)
                .containsEntry("error", null);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void theOrderInWhichTopicsAreReadDoesNotMatter(long seed) {
        List<Runnable> topics = new ArrayList<>(List.of(
                () -> {
                    opened(0);
                    ready(1);
                },
                () -> {
                    training(2, event -> event.setStarted(new TrainingStarted(1, 0L, 0)));
                    completed(4);
                },
                () -> progress(3, 30, 0.5),
                () -> committed(5),
                () -> evaluated(6)));
        Collections.shuffle(topics, new Random(seed));

        topics.forEach(Runnable::run);

        assertThat(state()).isEqualTo(new TaskState.Evaluated(1));
        assertThat(view.task(TASK).orElseThrow().firstSeen()).isEqualTo(START);
    }

    @Test
    void aRefusedDatasetIsRejectedUntilItComesAgain() {
        task(
                0,
                event -> event.setRejected(new TaskRejected(
                        "EMPTY_SPLIT", "split eval has no example", new RecordCounts(3L, 3L, 0L, 0L), List.of())));

        assertThat(state().isFinal()).isTrue();
        assertThat(state().problem()).isEqualTo(new TaskState.Problem("EMPTY_SPLIT", "split eval has no example"));

        ready(1);
        assertThat(state()).isEqualTo(new TaskState.Ready());
    }

    @Test
    void aDuplicateOfItselfKeepsTheFirstResult() {
        ready(0);
        committed(1);
        task(2, event -> event.setDuplicate(new TaskDuplicate("tone", DIGEST, null)));

        assertThat(state()).isEqualTo(new TaskState.Committed(1));
    }

    @Test
    void aDuplicateOfAnotherTaskSaysOfWhich() {
        task(2, event -> event.setDuplicate(new TaskDuplicate("mood", DIGEST, new RecordCounts(5L, 5L, 0L, 0L))));

        assertThat(state()).isInstanceOf(TaskState.Duplicate.class);
        assertThat(state().isFinal()).isTrue();
    }

    @Test
    void aFailedRunFailsTheTaskUntilItIsStartedAgain() {
        ready(0);
        training(1, event -> event.setFailed(new TrainingFailed("DIVERGED", "loss is NaN at step 12", null)));
        assertThat(state()).isInstanceOf(TaskState.Failed.class);

        training(2, event -> event.setStarted(new TrainingStarted(2, 40L, 0)));
        assertThat(state()).isInstanceOf(TaskState.Training.class);
    }

    @Test
    void anAdapterThatIsTrainedAgainDoesNotFailTheTask() {
        ready(0);
        training(1, event -> event.setStarted(new TrainingStarted(1, 0L, 0)));
        rejected(2, ErrorCode.OVERLAP);
        assertThat(state().isFinal()).isFalse();

        rejected(3, ErrorCode.TENSOR_MISMATCH);
        assertThat(state()).isInstanceOf(TaskState.Failed.class);
    }

    @Test
    void recordsAreCountedWhileTheyArrive() {
        opened(0);
        counted(1, new RecordCounts(5L, 3L, 1L, 1L), 40);

        assertThat(state()).isEqualTo(new TaskState.Arriving());
        assertThat(status().counts()).isEqualTo(new Counts(5, 3, 1, 1));
        assertThat(status().remarks().waiting()).isEqualTo(40);

        ready(2);
        assertThat(status().counts()).isEqualTo(new Counts(10, 7, 2, 1));
        assertThat(status().remarks().waiting()).isZero();
    }

    @Test
    void recordsThatComeAfterTheCloseAreShownAsLate() {
        ready(0);
        assertThat(status().remarks().late()).isZero();
        counted(1, new RecordCounts(13L, 7L, 5L, 1L), 0);

        assertThat(status().counts().deadLettered()).isEqualTo(5);
        assertThat(status().remarks().late()).isEqualTo(3);
        assertThat(status().toJson()).containsEntry("late", 3L).containsEntry("deadLettered", 5L);
    }

    @Test
    void aRejectedTaskNamesItsMostFrequentReasonsWithAnExampleEach() {
        task(
                0,
                event -> event.setRejected(new TaskRejected(
                        "TOO_MANY_BAD_RECORDS",
                        "3 of 4 records are bad",
                        new RecordCounts(4L, 1L, 3L, 0L),
                        List.of(
                                new RejectionReason("UNKNOWN_LABEL", 2L, "label 'x' is none of [a, b]"),
                                new RejectionReason("UNDECODABLE", 1L, "no schema")))));

        assertThat(status().remarks().reasons())
                .containsExactly(
                        new TaskStatus.Reason("UNKNOWN_LABEL", 2, "label 'x' is none of [a, b]"),
                        new TaskStatus.Reason("UNDECODABLE", 1, "no schema"));
        counted(1, new RecordCounts(1L, 1L, 0L, 0L), 0);
        assertThat(state()).isEqualTo(new TaskState.Arriving());
        assertThat(status().remarks().reasons()).isEmpty();
    }

    @Test
    void aManifestThatIsRefusedBeforeItsRecordsComeStaysTheReasonWhileTheyWait() {
        task(
                0,
                event -> event.setRejected(
                        new TaskRejected("INVALID_RECIPE", "lora needs shared ownership", null, List.of())));
        counted(1, new RecordCounts(0L, 0L, 0L, 0L), 40);

        assertThat(state().problem()).isEqualTo(new TaskState.Problem("INVALID_RECIPE", "lora needs shared ownership"));
    }

    @Test
    void whatWasNotedAndWhatIsLeftOutOfReplayStandsBesideTheState() {
        opened(0);
        task(1, event -> event.setNoted(new TaskNoted("RECORDS_AT_RISK", "retention.ms is 60000")));
        task(2, event -> event.setNoted(new TaskNoted("RECORDS_AT_RISK", "retention.ms is 60000")));
        ready(3);
        training(4, event -> event.setEarlierDataGone(new EarlierDataGone("mood", "RECORDS_GONE", "topic is gone")));

        assertThat(state()).isEqualTo(new TaskState.Ready());
        assertThat(status().remarks().notes())
                .containsExactly(
                        new TaskState.Problem("RECORDS_AT_RISK", "retention.ms is 60000"),
                        new TaskState.Problem("RECORDS_GONE", "mood is left out of replay: topic is gone"));
    }

    @Test
    void aTaskTriedAgainUnderItsNameShowsItsNewestAttempt() {
        opened(0);
        ready(1);
        training(2, event -> event.setFailed(new TrainingFailed("DIVERGED", "loss is NaN at step 12", null)));
        assertThat(state()).isInstanceOf(TaskState.Failed.class);
        assertThat(status().problemAt()).isEqualTo(START.plusSeconds(2));

        opened(3);
        assertThat(state()).isEqualTo(new TaskState.Arriving());
        assertThat(status().counts()).isEqualTo(Counts.NONE);
        ready(4, RUN);
        assertThat(state()).isEqualTo(new TaskState.Ready());
        ready(5, "run-2");
        assertThat(state()).isEqualTo(new TaskState.Ready());
        progress(6, 30, 0.5);
        assertThat(state()).as("of the earlier run").isEqualTo(new TaskState.Ready());
    }

    @Test
    void aManifestRefusedAfterTheDatasetWasAcceptedTakesNothingBack() {
        ready(0);
        task(1, event -> event.setRejected(new TaskRejected("TASK_CLOSED", "closed with other data", null, List.of())));

        assertThat(state()).isEqualTo(new TaskState.Ready());
        assertThat(status().remarks().notes())
                .containsExactly(
                        new TaskState.Problem("TASK_CLOSED", "a later manifest was refused: closed with other data"));
    }

    @Test
    void aManifestRefusedAfterTheRunFailedIsTheNewestAttempt() {
        ready(0);
        training(1, event -> event.setFailed(new TrainingFailed("DIVERGED", "loss is NaN", null)));
        task(2, event -> event.setRejected(new TaskRejected("INVALID_RECIPE", "density 2", null, List.of())));

        assertThat(state()).isEqualTo(new TaskState.Rejected(new TaskState.Problem("INVALID_RECIPE", "density 2")));
    }

    @Test
    void aVersionThatCouldNotBeMeasuredSaysWhy() {
        ready(0);
        committed(1);
        ViewScores gap = new ViewScores(
                View.UNION,
                List.of(0.0),
                0.0,
                null,
                null,
                List.of(0.0),
                List.of(new TaskNotMeasured("tone", "NOT_MEASURABLE", "a prompt is longer than maxLength 16")),
                List.of(),
                List.of(),
                List.of());
        view.apply(new ForgettingRow(
                "bot",
                1,
                List.of("tone"),
                List.of("accuracy"),
                gap,
                scores(View.TASK),
                START.plusSeconds(2),
                List.of(0),
                null));

        assertThat(state()).isEqualTo(new TaskState.Evaluated(1));
        assertThat(status().remarks().unmeasured())
                .containsExactly(new TaskState.Problem(
                        "NOT_MEASURABLE", "in the union view: a prompt is longer than maxLength 16"));
    }

    @Test
    void aTaskOfAModelThatNobodyRegisteredSaysWhatItWaitsFor() {
        ready(0);
        assertThat(status().remarks().hold())
                .satisfies(hold -> assertThat(hold.code()).isEqualTo("UNKNOWN_MODEL"))
                .satisfies(hold -> assertThat(hold.message()).contains("tessellate models register bot"));
        registered(1);
        assertThat(status().remarks().hold()).isNull();
    }

    @Test
    void aTaskOfAParkedModelSaysWhyAndHowToGoOn() {
        registered(0);
        ready(1);
        model(
                2,
                new RegistryEvent.ModelParked(
                        ErrorCode.BLOB_DAMAGED,
                        "the adapter of tone is damaged",
                        new TaskName("tone"),
                        1,
                        "blobs/ab/cd"));
        assertThat(status().remarks().hold())
                .isEqualTo(view.parked(new ModelName("bot")).orElseThrow())
                .satisfies(hold -> assertThat(hold.code()).isEqualTo("MODEL_PARKED"))
                .satisfies(hold -> assertThat(hold.message())
                        .contains(
                                "BLOB_DAMAGED",
                                "the adapter of tone is damaged",
                                "blobs/ab/cd",
                                "tessellate resume bot"));
        model(3, new RegistryEvent.ModelResumed("me", "put back"));
        assertThat(status().remarks().hold()).isNull();
        assertThat(view.parked(new ModelName("bot"))).isEmpty();
    }

    @Test
    void whatARaceCameToStandsBesideTheState() {
        RaceResult race = new RaceResult(
                List.of(
                        RaceCandidate.of(
                                Map.of("learningRate", 0.001),
                                List.of(new RaceTrial(8, 0.5, 0.125)),
                                RaceCandidate.Outcome.WON),
                        RaceCandidate.of(Map.of("learningRate", 0.0025), List.of(), RaceCandidate.Outcome.DIVERGED)),
                0,
                30,
                37.5,
                64,
                32,
                "the best");
        completed(4, race);
        assertThat(view.task(TaskId.of("bot", "tone")).orElseThrow().remarks().race())
                .isEqualTo(race);
    }

    @Test
    void aLossThatIsNotANumberIsLeftOut() {
        ready(0);
        progress(1, 3, Double.NaN);

        assertThat(state()).isEqualTo(new TaskState.Training("train", 3, 120, null, 12.0));
    }

    @Test
    void tasksComeInTheOrderOfTheirArrival() {
        view.apply(event("bot", "b", 5).setOpened(new TaskOpened("t")).build());
        view.apply(event("bot", "a", 9).setOpened(new TaskOpened("t")).build());
        view.apply(event("other", "c", 1).setOpened(new TaskOpened("t")).build());

        assertThat(view.tasks(new ModelName("bot")))
                .extracting(status -> status.id().task().value())
                .containsExactly("b", "a");
        assertThat(view.tasks()).hasSize(3);
        assertThat(view.revision()).isEqualTo(3);
    }

    @Test
    void tasksThatBecameVersionsComeFirst() {
        view.apply(event("bot", "early", 0).setOpened(new TaskOpened("t")).build());
        ready(1);
        committed(2);

        assertThat(view.tasks())
                .extracting(status -> status.id().task().value())
                .containsExactly("tone", "early");
    }

    private TaskStatus status() {
        return view.task(TASK).orElseThrow();
    }

    private void counted(long second, RecordCounts counts, long waiting) {
        task(second, event -> event.setCounted(new TaskCounted(counts, waiting)));
    }

    private void registered(long second) {
        model(
                second,
                new RegistryEvent.ModelRegistered(
                        new Sha256(DIGEST), List.of(), new ParameterSpace(List.of()), Ownership.EXCLUSIVE, 0.05));
    }

    private TaskState state() {
        return view.task(TASK).orElseThrow().state();
    }

    private static TaskEvent.Builder event(String model, String task, long second) {
        return TaskEvent.newBuilder().setModel(model).setTask(task).setAt(START.plusSeconds(second));
    }

    private void task(long second, Consumer<TaskEvent.Builder> variant) {
        TaskEvent.Builder event = event("bot", "tone", second);
        variant.accept(event);
        view.apply(event.build());
    }

    private void opened(long second) {
        task(second, event -> event.setOpened(new TaskOpened("tasks.bot.tone")));
    }

    private void ready(long second) {
        ready(second, RUN);
    }

    private void ready(long second, String run) {
        task(
                second,
                event -> event.setReady(TaskReady.newBuilder()
                        .setRunId(run)
                        .setTopic("tasks.bot.tone")
                        .setRanges(List.of())
                        .setManifest(TaskManifest.newBuilder()
                                .setModel("bot")
                                .setTask("tone")
                                .build())
                        .setCounts(new RecordCounts(10L, 7L, 2L, 1L))
                        .setTrainExamples(5)
                        .setEvalExamples(2)
                        .setDatasetDigest(DIGEST)
                        .build()));
    }

    private void training(long second, Consumer<TrainingEvent.Builder> variant) {
        TrainingEvent.Builder event = TrainingEvent.newBuilder()
                .setModel("bot")
                .setTask("tone")
                .setRunId(RUN)
                .setAt(START.plusSeconds(second));
        variant.accept(event);
        view.apply(event.build());
    }

    private void completed(long second) {
        completed(second, null);
    }

    private void completed(long second, @Nullable RaceResult race) {
        training(
                second,
                event -> event.setCompleted(TrainingCompleted.newBuilder()
                        .setRace(race == null ? null : RaceCodec.toAvro(race))
                        .setToken(1)
                        .setParentVersion(0)
                        .setBaseDigest(DIGEST)
                        .setAdapter(new BlobReference("a", DIGEST, 1L))
                        .setMethod("lotto")
                        .setOwned(1)
                        .setRecipe("{}")
                        .setDatasetDigest(DIGEST)
                        .setTrainExamples(5)
                        .setSteps(120)
                        .setFinalLoss(0.1)
                        .setSeconds(3)
                        .setEnvironment(Map.of())
                        .build()));
    }

    private void progress(long second, long step, double loss) {
        view.apply(
                new TrainingProgress("bot", "tone", RUN, "train", step, 120L, loss, 12.0, START.plusSeconds(second)));
    }

    private void committed(long second) {
        registry(
                second,
                new RegistryEvent.AdapterCommitted(
                        new TaskName("tone"),
                        new RunId(RUN),
                        1,
                        1,
                        new StoredFile("a", new Sha256(DIGEST), 1),
                        "lotto",
                        1,
                        0,
                        "{}",
                        new Sha256(DIGEST),
                        List.of()));
    }

    private void rejected(long second, ErrorCode code) {
        registry(second, new RegistryEvent.AdapterRejected(new TaskName("tone"), new RunId(RUN), 1, code, "why"));
    }

    private void registry(long second, RegistryEvent event) {
        view.apply(new LoggedEvent(new ModelName("bot"), second + 1, null, START.plusSeconds(second), event));
    }

    /** An event that is about the model too, not only about a task. */
    private void model(long second, RegistryEvent event) {
        LoggedEvent entry = new LoggedEvent(
                new ModelName("bot"),
                lineage.sequence(new ModelName("bot")) + 1,
                null,
                START.plusSeconds(second),
                event);
        lineage.apply(entry);
        view.apply(entry);
    }

    private void evaluated(long second) {
        view.apply(new ForgettingRow(
                "bot",
                1,
                List.of("tone"),
                List.of("accuracy"),
                scores(View.UNION),
                scores(View.TASK),
                START.plusSeconds(second),
                List.of(),
                null));
    }

    private static ViewScores scores(View view) {
        return new ViewScores(
                view, List.of(0.9), 0.9, null, null, List.of(0.0), List.of(), List.of(), List.of(), List.of());
    }
}
