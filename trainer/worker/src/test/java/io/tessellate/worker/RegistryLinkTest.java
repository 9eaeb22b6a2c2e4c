package io.tessellate.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.RetriableException;
import io.tessellate.error.StoppedException;
import io.tessellate.id.RunId;
import io.tessellate.id.Sha256;
import io.tessellate.id.TaskId;
import io.tessellate.lineage.Lineage;
import io.tessellate.lineage.log.LoggedEvent;
import io.tessellate.lineage.log.RegistryEvent;
import io.tessellate.lineage.log.StoredFile;
import io.tessellate.mask.EligibleTensor;
import io.tessellate.mask.ParameterSpace;
import io.tessellate.mask.grant.Ownership;
import io.tessellate.registry.client.SharedLogs;
import io.tessellate.runtime.config.KafkaSettings;
import io.tessellate.runtime.kafka.KafkaClients;
import io.tessellate.runtime.kafka.work.Cancellation;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RegistryLinkTest {
    private static final TaskId TASK = TaskId.of("glue", "sst2");
    private static final RunId RUN = new RunId("run-1");
    private static final long TOKEN = 1;
    private static final Sha256 BASE = Sha256.of(new byte[] {1});

    private final KafkaClients clients = new KafkaClients(KafkaSettings.of("127.0.0.1:1", "mock://link"));
    private final SharedLogs logs = SharedLogs.of(clients, Clock.systemUTC());
    private final Lineage lineage = logs.registry().lineage();
    private final RegistryLink link = new RegistryLink(logs, Duration.ofMillis(10));

    @BeforeEach
    void aRunHasAReservation() {
        log(new RegistryEvent.ModelRegistered(
                BASE,
                List.of(),
                new ParameterSpace(List.of(new EligibleTensor("w", 4, 4))),
                Ownership.EXCLUSIVE,
                0.05));
        log(new RegistryEvent.MaskReserved(TASK.task(), RUN, TOKEN, 0, 16, "lotto", null));
    }

    @AfterEach
    void close() {
        logs.close();
        clients.close();
    }

    @Test
    void aRunThatHasItsReservationHasNotEnded() {
        assertThat(link.ended(TASK, RUN)).isFalse();
        assertThat(link.ended(TaskId.of("unheard", "of"), RUN)).isFalse();
    }

    @Test
    void aCommitEndsARunAndIsAVerdictWithoutARefusal() {
        log(new RegistryEvent.AdapterCommitted(
                TASK.task(), RUN, TOKEN, 1, new StoredFile("adapter", BASE, 1), "lotto", 1, 0, "{}", BASE, List.of()));
        assertThat(link.ended(TASK, RUN)).isTrue();
        assertThat(link.verdict(TASK, RUN, TOKEN, new Cancellation())).isEmpty();
    }

    @Test
    void aRefusalUnderItsTokenIsTheVerdictOnARun() {
        var refusal = new RegistryEvent.AdapterRejected(TASK.task(), RUN, TOKEN, ErrorCode.OVERLAP, "taken");
        log(refusal);
        assertThat(link.verdict(TASK, RUN, TOKEN, new Cancellation())).contains(refusal);
        assertThat(link.ended(TASK, RUN)).isTrue();
    }

    @Test
    void aVerdictThatDoesNotComeIsWaitedForAgain() {
        assertThatThrownBy(() -> link.verdict(TASK, RUN, TOKEN, new Cancellation()))
                .isInstanceOfSatisfying(
                        RetriableException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE_DEPENDENCY))
                .hasMessage("the registry gave no answer on the verdict on run-1 for PT0.01S");
    }

    @Test
    void whoIsStoppedWaitsForNoVerdict() {
        Cancellation stopped = new Cancellation();
        stopped.cancel();
        assertThatThrownBy(() -> link.verdict(TASK, RUN, TOKEN, stopped)).isInstanceOf(StoppedException.class);
    }

    private void log(RegistryEvent event) {
        lineage.apply(new LoggedEvent(TASK.model(), lineage.sequence(TASK.model()) + 1, null, Instant.EPOCH, event));
    }
}
