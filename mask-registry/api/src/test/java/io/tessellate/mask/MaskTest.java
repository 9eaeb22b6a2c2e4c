package io.tessellate.mask;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tessellate.error.TessellateException;
import java.util.BitSet;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MaskTest {
    private final ParameterSpace space = Spaces.small();

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void theAlgebraIsThatOfSets(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int n = 0; n < 50; n++) {
            Mask a = Spaces.random(space, random.nextDouble(), random);
            Mask b = Spaces.random(space, random.nextDouble() * random.nextDouble(), random);
            BitSet setA = bits(a);
            BitSet setB = bits(b);

            BitSet both = copy(setA);
            both.and(setB);
            BitSet either = copy(setA);
            either.or(setB);
            BitSet onlyA = copy(setA);
            onlyA.andNot(setB);
            BitSet notA = copy(setA);
            notA.flip(0, (int) space.size());

            assertThat(bits(a.intersection(b))).isEqualTo(both);
            assertThat(bits(a.union(b))).isEqualTo(either);
            assertThat(bits(a.minus(b))).isEqualTo(onlyA);
            assertThat(bits(a.complement())).isEqualTo(notA);
            assertThat(a.cardinality()).isEqualTo(setA.cardinality());
            assertThat(a.complement().cardinality()).isEqualTo(space.size() - setA.cardinality());
            assertThat(a.intersectionSize(b)).isEqualTo(both.cardinality());
            assertThat(a.intersects(b)).isEqualTo(setA.intersects(setB));
            assertThat(a.isSubsetOf(b)).isEqualTo(onlyA.isEmpty());
            assertThat(a.isSubsetOf(a.union(b))).isTrue();
            assertThat(a.minus(b).intersects(b)).isFalse();
            assertThat(a.equals(b)).isEqualTo(setA.equals(setB));
        }
    }

    @Test
    void membershipAndIndicesAgree() {
        Mask mask = Spaces.random(space, 0.3, new SplittableRandom(9));
        for (int t = 0; t < space.tensorCount(); t++) {
            BitSet listed = new BitSet();
            for (int index : mask.indices(t)) {
                listed.set(index);
            }
            assertThat(mask.indices(space.tensor(t).name())).isSorted().hasSize(mask.cardinality(t));
            for (int index = 0; index < space.tensor(t).size(); index++) {
                assertThat(mask.contains(t, index)).isEqualTo(listed.get(index));
            }
        }
    }

    @Test
    void noneAndAllAreEachOthersComplement() {
        assertThat(Mask.none(space).isEmpty()).isTrue();
        assertThat(Mask.all(space).cardinality()).isEqualTo(space.size());
        assertThat(Mask.all(space).density()).isEqualTo(1);
        assertThat(Mask.all(space).complement()).isEqualTo(Mask.none(space)).hasSameHashCodeAs(Mask.none(space));
    }

    @Test
    void aBuilderMayGoOnAfterAMaskWasTaken() {
        Mask.Builder builder = Mask.builder(space).add(0, 5);
        Mask first = builder.build();
        Mask second = builder.addAll("c", new int[] {64, 0}).addAll("b").build();
        assertThat(first.cardinality()).isEqualTo(1);
        assertThat(second.cardinality()).isEqualTo(63 + 2);
        assertThat(second.indices("c")).containsExactly(0, 64);
    }

    @Test
    void indicesBeyondTheTensorAreRefused() {
        assertThatThrownBy(() -> Mask.builder(space).add(0, 63)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> Mask.none(space).contains(0, 63)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> Mask.none(space).contains(0, -1)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void masksOverDifferentWeightsDoNotMix() {
        Mask other = Mask.none(Spaces.of(4, 4));
        assertThatThrownBy(() -> Mask.none(space).union(other))
                .isInstanceOf(TessellateException.class)
                .hasMessage(
                        "masks must be over the same weights: 1217 weights in 5 tensors and 16 weights in 1 tensors");
        assertThat(Mask.none(space)).isNotEqualTo(other);
    }

    private static BitSet bits(Mask mask) {
        BitSet bits = new BitSet();
        for (int t = 0; t < mask.space().tensorCount(); t++) {
            int offset = (int) mask.space().offset(t);
            mask.forEach(t, index -> bits.set(offset + index));
        }
        return bits;
    }

    private static BitSet copy(BitSet bits) {
        return (BitSet) bits.clone();
    }
}
