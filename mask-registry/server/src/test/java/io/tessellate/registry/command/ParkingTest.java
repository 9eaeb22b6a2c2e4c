package io.tessellate.registry.command;

import static io.tessellate.registry.command.Bench.MRPC;
import static io.tessellate.registry.command.Bench.SST2;
import static io.tessellate.registry.command.Bench.TOPICS;
import static org.assertj.core.api.Assertions.assertThat;

import io.tessellate.error.ErrorCode;
import io.tessellate.event.RegistryCommand;
import io.tessellate.event.TrainingEvent;
import io.tessellate.event.TrainingFailed;
import io.tessellate.id.ModelName;
import io.tessellate.id.Sha256;
import io.tessellate.lineage.Parked;
import io.tessellate.lineage.Reservation;
import io.tessellate.lineage.log.RegistryCommands;
import io.tessellate.lineage.log.RegistryEvent;
import io.tessellate.mask.grant.Ownership;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class ParkingTest extends BenchFixture {
    private RegistryEvent.ModelRegistered base;
    private Sha256 first;
    private byte[] sound;

    @BeforeEach
    void aModelWithOneTask() throws IOException {
        base = bench.register(Ownership.EXCLUSIVE);
        first = bench.commit(SST2, "run-1", "lotto", 0.2).adapter().sha256();
        sound = Files.readAllBytes(bench.blobs.path(first));
    }

    @Test
    void aReservationOnADamagedModelIsAnsweredAndTheModelParked() {
        bench.blobs.damage(first);

        RegistryCommand command = bench.reserve(MRPC, "run-2", "lotto", 0.2);
        bench.send(command);

        List<RegistryEvent> events = bench.appended();
        assertThat(events.get(0)).isInstanceOfSatisfying(RegistryEvent.CommandRejected.class, no -> {
            assertThat(no.code()).isEqualTo(ErrorCode.MODEL_PARKED);
            assertThat(no.message()).contains("model glue is parked", "task sst2, version 1", "tessellate resume glue");
        });
        assertThat(events.get(1)).isInstanceOf(RegistryEvent.ModelParked.class);
        assertThat(bench.lineage
                        .answer(Workshop.MODEL, command.getCommandId())
                        .orElseThrow()
                        .event())
                .isEqualTo(events.get(0));
        Parked parked = bench.line().parked().orElseThrow();
        assertThat(parked.event().task()).isEqualTo(SST2);
        assertThat(parked.event().version()).isEqualTo(1);
        assertThat(parked.event().path()).isEqualTo(bench.blobs.path(first).toString());
        assertThat(parked.code()).isEqualTo(ErrorCode.BLOB_DAMAGED);
    }

    @Test
    void damageToABaseFileParksTheModelToo() {
        Sha256 config = base.files().get(1).sha256();
        bench.blobs.remove(config);

        bench.send(bench.reserve(MRPC, "run-2", "lotto", 0.2));

        assertThat(bench.appended()).hasSize(2);
        Parked parked = bench.line().parked().orElseThrow();
        assertThat(parked.reason()).contains("config.json of the base", "it is gone");
        assertThat(parked.event().task()).isNull();
        assertThat(parked.event().version()).isNull();
    }

    @Test
    void aFinishedTrainingWaitsWhileItsModelIsParkedAndIsCommittedAfterwards() {
        Reservation reservation = bench.reserved(MRPC, "run-2", "lotto", 0.2);
        TrainingEvent training = bench.workshop.completed(bench.line(), reservation, bench.properMask(reservation));
        bench.blobs.remove(first);

        bench.send(training);
        assertThat(bench.answer()).isInstanceOf(RegistryEvent.ModelParked.class);
        bench.send(training);
        assertThat(bench.appended()).isEmpty();

        bench.blobs.restore(sound);
        bench.send(bench.resume());

        List<RegistryEvent> events = bench.appended();
        assertThat(events.get(0)).isEqualTo(new RegistryEvent.ModelResumed("ada", "put the file back"));
        assertThat(events.get(1)).isInstanceOf(RegistryEvent.AdapterCommitted.class);
        assertThat(events).hasSize(2);
        assertThat(bench.line().parked()).isEmpty();
        assertThat(bench.line().currentVersion()).isEqualTo(2);
    }

    @Test
    void aMeasuredRowWaitsToo() {
        bench.blobs.damage(first);
        bench.send(bench.reserve(MRPC, "run-2", "lotto", 0.2));
        bench.appended();

        bench.send(bench.row(1, 0.0));
        assertThat(bench.appended()).isEmpty();

        bench.blobs.restore(sound);
        bench.send(bench.resume());
        assertThat(bench.appended())
                .hasExactlyElementsOfTypes(RegistryEvent.ModelResumed.class, RegistryEvent.VersionPromoted.class);
    }

    @Test
    void aModelIsNotResumedWhileItsFileIsStillDamaged() {
        bench.blobs.damage(first);
        bench.send(bench.reserve(MRPC, "run-2", "lotto", 0.2));
        bench.appended();

        bench.send(bench.resume());

        assertCommandRefused(ErrorCode.MODEL_PARKED, "model glue stays parked: adapter of task sst2, version 1");
        assertThat(bench.line().parked()).isPresent();
    }

    @Test
    void aSecondDamagedFileBecomesTheReasonOnceTheFirstIsBack() {
        bench.blobs.damage(first);
        bench.send(bench.reserve(MRPC, "run-2", "lotto", 0.2));
        bench.appended();
        bench.blobs.restore(sound);
        bench.blobs.remove(base.files().get(1).sha256());

        bench.send(bench.resume());

        assertThat(bench.appended())
                .hasExactlyElementsOfTypes(RegistryEvent.CommandRejected.class, RegistryEvent.ModelParked.class);
        assertThat(bench.line().parked().orElseThrow().reason()).contains("config.json");
    }

    @Test
    void whatIsAskedOfAParkedModelIsAnswered() {
        Reservation held = bench.reserved(MRPC, "run-2", "lotto", 0.2);
        bench.blobs.damage(first);
        bench.send(bench.reserve(MRPC, "run-3", "lotto", 0.2));
        bench.appended();

        bench.send(bench.reserve(MRPC, "run-4", "lotto", 0.2));
        assertCommandRefused(ErrorCode.MODEL_PARKED, "model glue is parked");
        bench.send(bench.release(MRPC, held.token()));
        assertThat(bench.answer()).isInstanceOf(RegistryEvent.ReservationReleased.class);
        bench.send(bench.register(base));
        assertThat(bench.appended()).isEmpty();
    }

    @Test
    void aRunThatMetADamagedFileParksTheModelAndGivesItsReservationBack() {
        Reservation reservation = bench.reserved(MRPC, "run-2", "lotto", 0.2);
        bench.blobs.damage(base.baseDigest());
        TrainingEvent failed = bench.workshop.failed(reservation);
        failed.setFailed(new TrainingFailed(ErrorCode.BLOB_DAMAGED.name(), "its base is damaged", reservation.token()));

        bench.send(failed);

        assertThat(bench.appended())
                .hasExactlyElementsOfTypes(RegistryEvent.ReservationReleased.class, RegistryEvent.ModelParked.class);
    }

    @Test
    void aRunThatMetADamagedFileBeforeItReservedParksTheModelToo() {
        Reservation reservation = bench.reserved(MRPC, "run-2", "lotto", 0.2);
        bench.blobs.damage(base.baseDigest());
        TrainingEvent failed = bench.workshop.failed(reservation);
        failed.setFailed(new TrainingFailed(ErrorCode.BLOB_DAMAGED.name(), "its base is damaged", null));

        bench.send(failed);

        assertThat(bench.answer()).isInstanceOf(RegistryEvent.ModelParked.class);
    }

    @Test
    void otherModelsGoOn() {
        bench.blobs.damage(first);
        bench.send(bench.reserve(MRPC, "run-2", "lotto", 0.2));
        bench.appended();
        ModelName other = new ModelName("other");
        RegistryCommands commands = new RegistryCommands(Clock.systemUTC(), () -> "register-other");

        bench.send(TOPICS.registryCommands(), "other", commands.register(other, base));

        assertThat(bench.answer()).isEqualTo(base);
        assertThat(bench.lineage.require(other).parked()).isEmpty();
    }

    @Test
    void aModelThatIsNotParkedIsNotResumed() {
        bench.send(bench.resume());

        assertCommandRefused(ErrorCode.INVALID_ARGUMENT, "model glue is not parked");
    }

    @Test
    void aCompletionThatNamesNoFileRejectsThatAdapterOnly() {
        Reservation reservation = bench.reserved(MRPC, "run-2", "lotto", 0.2);
        TrainingEvent training = bench.workshop.completed(bench.line(), reservation, bench.properMask(reservation));
        training.getCompleted().getAdapter().setName("..");

        bench.send(training);

        assertAdapterRefused(ErrorCode.INVALID_ARGUMENT, "file name '..' names a directory");
        assertThat(bench.line().reservation(MRPC)).isEmpty();
        assertThat(bench.commit(MRPC, "run-3", "lotto", 0.2).version()).isEqualTo(2);
    }
}
