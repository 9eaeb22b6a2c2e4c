package io.tessellate.registry.command;

import static io.tessellate.registry.command.Bench.MRPC;
import static io.tessellate.registry.command.Bench.SST2;
import static org.assertj.core.api.Assertions.assertThat;

import io.tessellate.error.ErrorCode;
import io.tessellate.lineage.Reservation;
import io.tessellate.lineage.log.RegistryEvent;
import io.tessellate.lineage.log.TensorSpectrum;
import io.tessellate.mask.Mask;
import io.tessellate.mask.RandomMask;
import io.tessellate.mask.adapter.Adapter;
import io.tessellate.mask.adapter.EntryIndex;
import io.tessellate.mask.adapter.TensorUpdate;
import io.tessellate.mask.expander.FreeMatching;
import io.tessellate.mask.expander.QuasiCyclicLift;
import io.tessellate.mask.grant.ClassPartition;
import io.tessellate.mask.grant.ExpanderClass;
import io.tessellate.mask.grant.Ownership;
import io.tessellate.mask.spectrum.MaskSpectrum;
import io.tessellate.safetensors.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Adapters that own less than the class or the regular mask that was reserved for them. */
final class ClassPartTest extends BenchFixture {
    @Test
    void aPartOfTheReservedClassIsCommittedWithItsIndicesAndTheClassIsTaken() {
        bench.register(Ownership.EXCLUSIVE);
        Reservation reservation = bench.reserved(SST2, "run-1", "expander", 0.25);
        Mask part = bench.part(reservation, 50);
        Adapter adapter = bench.workshop.adapter(bench.line(), reservation, part);
        assertThat(adapter.updates())
                .hasSize(2)
                .allSatisfy(update -> assertThat(update.index()).isInstanceOf(EntryIndex.Listed.class));

        bench.send(bench.workshop.completed(bench.line(), reservation, adapter));

        assertThat(bench.answer()).isInstanceOfSatisfying(RegistryEvent.AdapterCommitted.class, committed -> {
            assertThat(committed.owned()).isEqualTo(50);
            assertThat(committed.spectra()).isEmpty();
        });
        assertThat(bench.owned()).isEqualTo(part);
        assertThat(bench.line().free()).isEqualTo(336 - 50);
        assertThat(bench.reserved(MRPC, "run-2", "expander", 0.25).lift())
                .extracting(ExpanderClass::index)
                .isEqualTo(1);
    }

    @Test
    void columnsOfAMatrixThatAreTargetedAloneArePartOfTheClass() {
        bench.register(Ownership.EXCLUSIVE);
        Reservation reservation = bench.reserved(SST2, "run-1", "expander", 0.25);
        Mask.Builder targeted = Mask.builder(Workshop.SPACE).addAll("query");
        for (int index = 0; index < 12 * 16; index++) {
            if (index % 16 < 8) {
                targeted.add(1, index);
            }
        }
        Mask part = bench.properMask(reservation).intersection(targeted.build());
        Adapter adapter = bench.workshop.adapter(bench.line(), reservation, part);
        assertThat(adapter.updates())
                .extracting(update -> update.index().getClass().getSimpleName())
                .containsExactly("Seeded", "Listed");

        bench.send(bench.workshop.completed(bench.line(), reservation, adapter));

        QuasiCyclicLift lift = new QuasiCyclicLift(
                Workshop.SPACE, 4, ClassPartition.seed(bench.line().baseDigest(), 4));
        assertThat(bench.answer())
                .isInstanceOfSatisfying(
                        RegistryEvent.AdapterCommitted.class,
                        committed -> assertThat(committed.spectra())
                                .containsExactly(new TensorSpectrum(12, 12, 1, lift.certificate(0))));
        assertThat(bench.owned()).isEqualTo(part);
    }

    @Test
    void oneWeightOutsideTheReservedClassIsRefused() {
        bench.register(Ownership.EXCLUSIVE);
        Reservation reservation = bench.reserved(SST2, "run-1", "expander", 0.25);
        Mask whole = bench.properMask(reservation);

        bench.send(bench.workshop.completed(
                bench.line(),
                reservation,
                bench.part(reservation, 49).union(RandomMask.of(whole.complement(), 1, bench.random))));

        assertAdapterRefused(
                ErrorCode.OVERLAP, "1 of the adapter's 50 weights lie outside class 0 of 4, which was reserved");
    }

    @ParameterizedTest
    @EnumSource
    void besideItsClassAnExpanderAdapterChangesNothing(Ownership ownership) {
        bench.register(ownership);
        Reservation reservation = bench.reserved(SST2, "run-1", "expander", 0.25);
        Adapter proper = bench.workshop.adapter(bench.line(), reservation, bench.properMask(reservation));
        TensorUpdate embedding = TensorUpdate.all("embedding", Shape.of(5, 4), bench.workshop.values(20));

        bench.send(bench.workshop.completed(bench.line(), reservation, bench.workshop.with(proper, embedding)));

        assertAdapterRefused(ErrorCode.TENSOR_MISMATCH, "changes tensor 'embedding', which no task may own");
    }

    @ParameterizedTest
    @ValueSource(strings = {"matchings", "switches", "one_sided"})
    void noSpectrumIsPublishedWhereAMaskIsNoLongerRegular(String method) {
        bench.register(Ownership.EXCLUSIVE);
        Reservation reservation = bench.reserved(SST2, "run-1", method, 0.25);
        Mask regular = FreeMatching.of(bench.owned(), 0.25, 1, false);
        Mask query = Mask.builder(Workshop.SPACE).addAll("query").build();
        Mask part = regular.minus(RandomMask.of(regular.intersection(query), 1, bench.random));

        bench.send(bench.workshop.completed(bench.line(), reservation, part));

        assertThat(bench.answer())
                .isInstanceOfSatisfying(
                        RegistryEvent.AdapterCommitted.class,
                        committed -> assertThat(committed.spectra())
                                .containsExactly(new TensorSpectrum(12, 16, 1, MaskSpectrum.of(regular, 1))));
    }
}
