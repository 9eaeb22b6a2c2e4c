package io.tessellate.registry.command;

import static io.tessellate.registry.command.Bench.MRPC;
import static io.tessellate.registry.command.Bench.SST2;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tessellate.error.ErrorCode;
import io.tessellate.event.TrainingEvent;
import io.tessellate.id.RunId;
import io.tessellate.id.Sha256;
import io.tessellate.id.TaskName;
import io.tessellate.lineage.Reservation;
import io.tessellate.lineage.log.CertifiedTask;
import io.tessellate.lineage.log.RegistryEvent;
import io.tessellate.lineage.log.TensorSpectrum;
import io.tessellate.mask.Mask;
import io.tessellate.mask.RandomMask;
import io.tessellate.mask.adapter.Adapter;
import io.tessellate.mask.adapter.TensorUpdate;
import io.tessellate.mask.adapter.VersionDigest;
import io.tessellate.mask.expander.FreeMatching;
import io.tessellate.mask.expander.QuasiCyclicLift;
import io.tessellate.mask.grant.ClassPartition;
import io.tessellate.mask.grant.Exhaustion;
import io.tessellate.mask.grant.MaskRequest;
import io.tessellate.mask.grant.Ownership;
import io.tessellate.mask.spectrum.MaskSpectrum;
import io.tessellate.safetensors.Shape;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CommitTest extends BenchFixture {
    @ParameterizedTest
    @CsvSource({"lota, 0.1, 33", "lotto, 0.5, 168", "expander, 0.25, 84"})
    void anAdapterThatKeepsTheRulesBecomesAVersion(String method, double density, long owned) {
        bench.register(Ownership.EXCLUSIVE);

        RegistryEvent.AdapterCommitted committed = bench.commit(SST2, "run-1", method, density);

        assertThat(committed.version()).isEqualTo(1);
        assertThat(committed.owned()).isEqualTo(owned);
        assertThat(committed.overlap()).isZero();
        assertThat(committed.certificate())
                .singleElement()
                .satisfies(entry -> assertThat(entry.owned()).isEqualTo(owned));
        assertThat(bench.line().free()).isEqualTo(336 - owned);
        assertThat(bench.line().reservations()).isEmpty();
    }

    @Test
    void anExpanderMaskIsPublishedWithWhatItIsWorthAsAGraph() {
        bench.register(Ownership.EXCLUSIVE);
        bench.commit(SST2, "run-1", "expander", 0.25);
        Reservation reservation = bench.reserved(MRPC, "run-2", "matchings", 0.25);
        Mask mask = FreeMatching.of(bench.owned(), 0.25, 1, false);
        bench.send(bench.workshop.completed(bench.line(), reservation, mask));
        bench.answer();
        bench.commit(new TaskName("cola"), "run-3", "lotto", 0.1);

        QuasiCyclicLift lift = new QuasiCyclicLift(
                Workshop.SPACE, 4, ClassPartition.seed(bench.line().baseDigest(), 4));
        assertThat(bench.line().commit(1).spectra())
                .containsExactly(
                        new TensorSpectrum(12, 12, 1, lift.certificate(0)),
                        new TensorSpectrum(12, 16, 1, lift.certificate(1)));
        assertThat(bench.line().commit(2).spectra())
                .containsExactly(
                        new TensorSpectrum(12, 12, 1, MaskSpectrum.of(mask, 0)),
                        new TensorSpectrum(12, 16, 1, MaskSpectrum.of(mask, 1)));
        assertThat(bench.line().commit(3).spectra()).isEmpty();
    }

    /** Parts of classes too: those of tasks that leave out what matters to earlier ones. */
    @ParameterizedTest
    @CsvSource({"0, 1, 84", "1, 0, 84", "0, 1, 50", "1, 0, 50"})
    void parallelTasksCommitInAnyOrderAndNothingOwnedMoves(int first, int second, int kept) {
        bench.register(Ownership.EXCLUSIVE);
        List<TaskName> tasks = List.of(SST2, MRPC);
        List<Reservation> reserved = tasks.stream()
                .map(task -> bench.reserved(
                        task,
                        "run-" + task,
                        new MaskRequest("expander", 0.25, Exhaustion.REJECT, false, OptionalInt.of(0))))
                .toList();
        List<TrainingEvent> trained = reserved.stream()
                .map(reservation -> trained(reservation, bench.part(reservation, kept)))
                .toList();

        bench.send(trained.get(first));
        bench.send(trained.get(second));

        assertThat(bench.appended())
                .hasOnlyElementsOfType(RegistryEvent.AdapterCommitted.class)
                .hasSize(2);
        assertThat(bench.line().tasks())
                .extracting(task -> task.task())
                .containsExactly(tasks.get(first), tasks.get(second));
        assertThat(bench.line().version(2).certificate())
                .startsWith(bench.line().version(1).certificate().get(0));
        assertThat(bench.line().free()).isEqualTo(336 - 2 * kept);
    }

    @Test
    void everyVersionCertifiesEveryEarlierTaskWithTheSameDigest() {
        bench.register(Ownership.EXCLUSIVE);
        CertifiedTask first =
                bench.commit(SST2, "run-1", "lotto", 0.2).certificate().get(0);

        List<CertifiedTask> second = bench.commit(MRPC, "run-2", "lotto", 0.2).certificate();
        List<CertifiedTask> third =
                bench.commit(new TaskName("cola"), "run-3", "lota", 0.2).certificate();

        assertThat(second).hasSize(2).startsWith(first);
        assertThat(third).hasSize(3).startsWith(first, second.get(1));
    }

    @Test
    void aTrainingThatIsReportedAgainChangesNothing() {
        bench.register(Ownership.EXCLUSIVE);
        Reservation reservation = bench.reserved(SST2, "run-1", "lotto", 0.2);
        TrainingEvent training = trained(reservation, bench.properMask(reservation));

        bench.send(training);
        bench.send(training);
        assertThat(bench.appended()).hasSize(1);

        training.getCompleted().setToken(99);
        bench.send(training);
        assertThat(bench.appended()).isEmpty();
    }

    @Test
    void onlyTheNewestTokenCommits() {
        bench.register(Ownership.EXCLUSIVE);
        Reservation stale = bench.reserved(SST2, "run-1", "lotto", 0.2);
        Reservation newest = bench.reserved(SST2, "run-1", "lotto", 0.2);
        TrainingEvent late = trained(stale, bench.properMask(stale));

        bench.send(late);
        bench.send(late);
        assertAdapterRefused(
                ErrorCode.FENCED, "token 1 of run run-1 is not the newest of task sst2: that is 2 of run run-1");

        bench.send(trained(newest, bench.properMask(newest)));
        assertThat(bench.answer()).isInstanceOf(RegistryEvent.AdapterCommitted.class);
    }

    @Test
    void aReleasedOrInventedTokenIsFenced() {
        bench.register(Ownership.EXCLUSIVE);
        Reservation reservation = bench.reserved(SST2, "run-1", "lotto", 0.2);
        TrainingEvent training = trained(reservation, bench.properMask(reservation));
        bench.send(bench.release(SST2, 1));
        bench.answer();

        bench.send(training);
        assertAdapterRefused(ErrorCode.FENCED, "task sst2 has no open reservation");

        training.getCompleted().setToken(77);
        bench.send(training);
        assertAdapterRefused(ErrorCode.FENCED, "token 77");
    }

    @Test
    void theTokenOfAnotherRunIsFenced() {
        bench.register(Ownership.EXCLUSIVE);
        Reservation reservation = bench.reserved(SST2, "run-1", "lotto", 0.2);
        TrainingEvent training = trained(reservation, bench.properMask(reservation));
        training.setRunId("run-2");

        bench.send(training);

        assertAdapterRefused(ErrorCode.FENCED, "that is 1 of run run-1");
    }

    @Test
    void aMaskThatTouchesAnOwnedWeightIsRefusedAndItsReservationEnds() {
        bench.register(Ownership.EXCLUSIVE);
        bench.commit(SST2, "run-1", "lotto", 0.5);
        Reservation reservation = bench.reserved(MRPC, "run-2", "lotto", 0.2);
        Mask oneOwned = RandomMask.of(bench.owned(), 1, bench.random)
                .union(RandomMask.of(bench.owned().complement(), 20, bench.random));

        bench.send(trained(reservation, oneOwned));

        assertAdapterRefused(ErrorCode.OVERLAP, "1 of the adapter's 21 weights are owned by earlier tasks");
        assertThat(bench.line().reservation(MRPC)).isEmpty();
        assertThat(bench.commit(MRPC, "run-2", "lotto", 0.2).version()).isEqualTo(2);
    }

    @Test
    void twoTasksThatWereReservedTogetherBothCommitIfTheyAreDisjoint() {
        bench.register(Ownership.EXCLUSIVE);
        Reservation one = bench.reserved(SST2, "run-1", "expander", 0.25);
        Reservation two = bench.reserved(MRPC, "run-2", "expander", 0.25);
        TrainingEvent first = trained(one, bench.properMask(one));
        TrainingEvent second = trained(two, bench.properMask(two));

        bench.send(second);
        bench.send(first);

        assertThat(bench.appended())
                .hasOnlyElementsOfType(RegistryEvent.AdapterCommitted.class)
                .hasSize(2);
    }

    @Test
    void moreWeightsThanReservedAreRefused() {
        bench.register(Ownership.EXCLUSIVE);
        Reservation reservation = bench.reserved(SST2, "run-1", "lotto", 0.2);

        bench.send(trained(reservation, RandomMask.of(Mask.all(Workshop.SPACE), 68, bench.random)));

        assertAdapterRefused(ErrorCode.BUDGET_EXCEEDED, "owns 68 weights; reserved were 67");
    }

    @Test
    void aClassOtherThanTheReservedOneIsRefused() {
        bench.register(Ownership.EXCLUSIVE);
        Reservation one = bench.reserved(SST2, "run-1", "expander", 0.25);
        Reservation two = bench.reserved(MRPC, "run-2", "expander", 0.25);
        Adapter wrong = bench.workshop.adapter(bench.line(), one, bench.properMask(one));
        Adapter asTwo = new Adapter(
                bench.workshop.adapter(bench.line(), two, bench.properMask(two)).metadata(),
                wrong.updates(),
                wrong.head());

        bench.send(bench.workshop.completed(bench.line(), two, asTwo));

        assertAdapterRefused(
                ErrorCode.OVERLAP, "84 of the adapter's 84 weights lie outside class 1 of 4, which was reserved");
    }

    @Test
    void anAdapterOfAnotherBaseOrParentIsRefused() {
        bench.register(Ownership.EXCLUSIVE);
        Reservation reservation = bench.reserved(SST2, "run-1", "lotto", 0.2);
        TrainingEvent otherBase = trained(reservation, bench.properMask(reservation));
        otherBase.getCompleted().setBaseDigest(Workshop.DATA.hex());
        bench.send(otherBase);
        assertAdapterRefused(ErrorCode.DIGEST_MISMATCH, "published for " + Workshop.DATA);

        Reservation again = bench.reserved(SST2, "run-1", "lotto", 0.2);
        Adapter otherParent = bench.workshop.with(
                bench.workshop.adapter(bench.line(), again, bench.properMask(again)), new VersionDigest(Workshop.DATA));
        bench.send(bench.workshop.completed(bench.line(), again, otherParent));
        assertAdapterRefused(ErrorCode.DIGEST_MISMATCH, "the adapter was trained on weights " + Workshop.DATA);
    }

    @Test
    void aParentThatDoesNotExistIsRefused() {
        bench.register(Ownership.EXCLUSIVE);
        Reservation reservation = bench.reserved(SST2, "run-1", "lotto", 0.2);
        TrainingEvent training = trained(reservation, bench.properMask(reservation));
        training.getCompleted().setParentVersion(3);

        bench.send(training);

        assertAdapterRefused(ErrorCode.UNKNOWN_VERSION, "names version 3 as its parent; the model is at version 0");
    }

    @Test
    void anAdapterOfAnotherTaskRunOrMethodIsRefused() {
        bench.register(Ownership.EXCLUSIVE);
        Reservation one = bench.reserved(SST2, "run-1", "lotto", 0.2);
        Reservation two = bench.reserved(MRPC, "run-2", "lotto", 0.2);
        Adapter ofOne = bench.workshop.adapter(bench.line(), one, bench.properMask(one));
        bench.send(bench.workshop.completed(bench.line(), two, ofOne));
        assertAdapterRefused(ErrorCode.MALFORMED_FILE, "says it is of task glue/sst2, run run-1");

        TrainingEvent otherMethod = trained(one, bench.properMask(one));
        otherMethod.getCompleted().setMethod("lota");
        bench.send(otherMethod);
        assertAdapterRefused(ErrorCode.INVALID_RECIPE, "published as lota; reserved was lotto");
    }

    @Test
    void anAdapterThatChangesAnythingButEligibleWeightsIsRefused() {
        bench.register(Ownership.EXCLUSIVE);
        Reservation reservation = bench.reserved(SST2, "run-1", "lotto", 0.2);
        Adapter proper = bench.workshop.adapter(bench.line(), reservation, bench.properMask(reservation));
        TensorUpdate embedding = TensorUpdate.all("embedding", Shape.of(5, 4), bench.workshop.values(20));

        bench.send(bench.workshop.completed(bench.line(), reservation, bench.workshop.with(proper, embedding)));

        assertAdapterRefused(ErrorCode.TENSOR_MISMATCH, "changes tensor 'embedding', which no task may own");
    }

    @Test
    void anAdapterOfAnotherShapeIsRefused() {
        bench.register(Ownership.EXCLUSIVE);
        Reservation reservation = bench.reserved(SST2, "run-1", "lotto", 0.2);
        Adapter proper = bench.workshop.adapter(bench.line(), reservation, bench.properMask(reservation));
        TensorUpdate wrong = TensorUpdate.listed("query", Shape.of(12, 13), new int[] {0}, new float[] {1});
        Adapter misshapen = new Adapter(proper.metadata(), List.of(wrong), proper.head());
        TrainingEvent training = trained(reservation, bench.properMask(reservation));
        training.getCompleted()
                .setAdapter(io.tessellate.lineage.log.RegistryEventCodec.toAvro(bench.workshop.store(misshapen)));

        bench.send(training);

        assertAdapterRefused(ErrorCode.TENSOR_MISMATCH, "'query' in shape [12, 13]");
    }

    @Test
    void aCountThatIsNotTheMasksIsRefused() {
        bench.register(Ownership.EXCLUSIVE);
        Reservation reservation = bench.reserved(SST2, "run-1", "lotto", 0.2);
        TrainingEvent training = trained(reservation, bench.properMask(reservation));
        training.getCompleted().setOwned(66);

        bench.send(training);

        assertAdapterRefused(ErrorCode.MALFORMED_FILE, "owns 67 weights; it was published with 66");
    }

    @Test
    void aBlobThatIsDamagedOrMissingIsRefused() {
        bench.register(Ownership.EXCLUSIVE);
        Reservation reservation = bench.reserved(SST2, "run-1", "lotto", 0.2);
        TrainingEvent damaged = trained(reservation, bench.properMask(reservation));
        bench.blobs.damage(new Sha256(damaged.getCompleted().getAdapter().getSha256()));
        bench.send(damaged);
        assertAdapterRefused(ErrorCode.MALFORMED_FILE, "is damaged");

        Reservation again = bench.reserved(SST2, "run-1", "lotto", 0.2);
        TrainingEvent missing = trained(again, bench.properMask(again));
        bench.blobs.remove(new Sha256(missing.getCompleted().getAdapter().getSha256()));
        bench.send(missing);
        assertAdapterRefused(ErrorCode.MALFORMED_FILE, "it is gone");
    }

    @Test
    void bytesThatAreNoAdapterAreRefused() {
        bench.register(Ownership.EXCLUSIVE);
        Reservation reservation = bench.reserved(SST2, "run-1", "lotto", 0.2);
        TrainingEvent training = trained(reservation, bench.properMask(reservation));
        var junk = bench.blobs.put("junk", new byte[] {9, 9, 9});
        training.getCompleted().getAdapter().setSha256(junk.sha256().hex());

        bench.send(training);

        assertAdapterRefused(ErrorCode.MALFORMED_FILE, "too few for a safetensors file");
    }

    @Test
    void aBlobStoreThatIsAwayStopsTheTopologyInsteadOfRefusing() {
        bench.register(Ownership.EXCLUSIVE);
        Reservation reservation = bench.reserved(SST2, "run-1", "lotto", 0.2);
        TrainingEvent training = trained(reservation, bench.properMask(reservation));
        bench.blobs.failNext(1);

        assertThatThrownBy(() -> bench.send(training)).hasRootCauseMessage("the blob store is away");
        assertThat(bench.appended()).isEmpty();
    }

    @Test
    void aTrainingOfAnUnknownModelIsRefused() {
        bench.register(Ownership.EXCLUSIVE);
        Reservation reservation = bench.reserved(SST2, "run-1", "lotto", 0.2);
        TrainingEvent training = trained(reservation, bench.properMask(reservation));
        training.setModel("other");

        bench.send(training);

        assertThat(bench.answer()).isInstanceOfSatisfying(RegistryEvent.CommandRejected.class, refused -> {
            assertThat(refused.code()).isEqualTo(ErrorCode.UNKNOWN_MODEL);
            assertThat(refused.run()).isEqualTo(new RunId("run-1"));
        });
    }

    @Test
    void withSharedOwnershipTasksMayOverlapButOnlyOnTheNewestVersion() {
        bench.register(Ownership.SHARED);
        bench.commit(SST2, "run-1", "full", 1.0);
        Reservation early = bench.reserved(MRPC, "run-2", "full", 1.0);
        Reservation other = bench.reserved(new TaskName("cola"), "run-3", "full", 1.0);
        TrainingEvent stale = trained(early, Mask.all(Workshop.SPACE));

        bench.send(trained(other, Mask.all(Workshop.SPACE)));
        assertThat(bench.answer()).isInstanceOfSatisfying(RegistryEvent.AdapterCommitted.class, committed -> {
            assertThat(committed.overlap()).isEqualTo(336);
            assertThat(committed.certificate()).isEmpty();
        });
        bench.send(stale);
        assertAdapterRefused(
                ErrorCode.STALE_PARENT, "trained on version 1; with shared ownership it must be the newest, 2");
        assertThat(bench.line().overlap()).isEqualTo(336);
        assertThat(bench.line().free()).isZero();
    }

    private TrainingEvent trained(Reservation reservation, Mask mask) {
        return bench.workshop.completed(bench.line(), reservation, mask);
    }
}
