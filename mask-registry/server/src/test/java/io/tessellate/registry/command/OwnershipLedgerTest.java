package io.tessellate.registry.command;

import static io.tessellate.registry.command.Bench.MRPC;
import static io.tessellate.registry.command.Bench.SST2;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.RetriableException;
import io.tessellate.error.TessellateException;
import io.tessellate.id.ModelName;
import io.tessellate.id.Sha256;
import io.tessellate.id.TaskName;
import io.tessellate.lineage.Lineage;
import io.tessellate.lineage.ModelLine;
import io.tessellate.lineage.Reservation;
import io.tessellate.lineage.log.CertifiedTask;
import io.tessellate.lineage.log.LoggedEvent;
import io.tessellate.lineage.log.RegistryEvent;
import io.tessellate.lineage.log.StoredFile;
import io.tessellate.mask.Mask;
import io.tessellate.mask.adapter.Adapter;
import io.tessellate.mask.grant.Ownership;
import io.tessellate.registry.ledger.OwnershipLedger;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class OwnershipLedgerTest extends BenchFixture {
    private ModelLine first;
    private ModelLine second;

    @BeforeEach
    void twoVersions() {
        bench.register(Ownership.EXCLUSIVE);
        bench.commit(SST2, "run-1", "expander", 1.0 / 3);
        first = bench.line();
        bench.commit(MRPC, "run-2", "lotto", 0.2);
        second = bench.line();
    }

    @Test
    void whatIsOwnedIsTheUnionOfTheCommittedMasks() {
        OwnershipLedger ledger = new OwnershipLedger(bench.blobs);

        assertThat(ledger.owned(second)).isEqualTo(bench.owned());
        assertThat(ledger.owned(second).cardinality()).isEqualTo(second.owned());
    }

    @Test
    void theUnionGrowsWithTheLineAndIsTheSameAsReadAnew() {
        OwnershipLedger ledger = new OwnershipLedger(bench.blobs);
        Mask before = ledger.owned(first);

        assertThat(ledger.owned(second)).isEqualTo(new OwnershipLedger(bench.blobs).owned(second));
        assertThat(before.isSubsetOf(ledger.owned(second))).isTrue();
    }

    /** Of a hundred large models not all masks fit into the heap: they are read from the adapters again. */
    @Test
    void aUnionThatHadToMakeRoomIsTheSameAsReadAnew() {
        OwnershipLedger ledger = new OwnershipLedger(bench.blobs, 0);
        Mask owned = ledger.owned(second);
        ledger.owned(renamed(second));

        assertThat(ledger.owned(second)).isEqualTo(owned);
        assertThat(ledger.owned(second)).isEqualTo(bench.owned());
    }

    private static ModelLine renamed(ModelLine line) {
        Lineage lineage = new Lineage();
        ModelName name = new ModelName("other");
        RegistryEvent base = new RegistryEvent.ModelRegistered(
                line.baseDigest(), line.files(), line.space(), line.ownership(), 0.05);
        lineage.apply(new LoggedEvent(name, 1, null, Workshop.AT, base));
        return lineage.require(name);
    }

    @Test
    void aLineOtherThanTheOneKnownIsReadAnew() {
        OwnershipLedger ledger = new OwnershipLedger(bench.blobs);
        ledger.owned(second);

        assertThat(ledger.owned(first).cardinality()).isEqualTo(first.owned());
    }

    @Test
    void aCandidateThatIsMissingIsRefusedEvenIfTheBaseIsMissingToo() {
        second.files().forEach(file -> bench.blobs.remove(file.sha256()));
        StoredFile missing = new StoredFile("adapter", Workshop.DATA, 1);

        assertThatThrownBy(() -> new OwnershipLedger(bench.blobs).candidate(missing))
                .isInstanceOfSatisfying(
                        TessellateException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.MALFORMED_FILE))
                .hasMessageContaining("it is gone");
    }

    @Test
    void aStoreThatIsAwayIsWaitedFor() {
        bench.blobs.failNext(1);

        assertThatThrownBy(() -> new OwnershipLedger(bench.blobs).requireSound(second))
                .isInstanceOf(RetriableException.class);
    }

    @Test
    void aWeightThatMovedIsSeenByItsCertificate() {
        Reservation reservation = bench.reserved(new TaskName("cola"), "run-3", "lotto", 0.1);
        Adapter adapter = bench.workshop.adapter(second, reservation, bench.properMask(reservation));
        OwnershipLedger ledger = new OwnershipLedger(bench.blobs);
        ProposedCommit proposed =
                new ProposedCommit(bench.line(), reservation, adapter, adapter.mask(Workshop.SPACE), ledger);
        List<CertifiedTask> certificate = proposed.certificate();

        assertThat(new Requirement.BytesUnchanged(certificate).check(proposed)).isEmpty();
        List<CertifiedTask> moved = new ArrayList<>(certificate);
        moved.set(1, new CertifiedTask(MRPC, certificate.get(1).owned(), Sha256.of(new byte[0])));
        assertThat(new Requirement.BytesUnchanged(moved).check(proposed)).hasValueSatisfying(refusal -> {
            assertThat(refusal.code()).isEqualTo(ErrorCode.FROZEN_WEIGHT_CHANGED);
            assertThat(refusal.message()).contains("weights of task mrpc");
        });
    }
}
