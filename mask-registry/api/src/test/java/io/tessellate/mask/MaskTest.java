package io.tessellate.mask;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tessellate.error.TessellateException;
import java.util.Arrays;
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

    /** Tensors of several blocks, each filled by a density of its own: nothing, a few, many, all. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void theAlgebraIsThatOfSetsWhateverFormABlockHas(long seed) {
        ParameterSpace large = Spaces.of(1000, 400, 3, 70_001, 1, 65_536);
        SplittableRandom random = new SplittableRandom(seed);
        Mask a = inBlocks(large, random);
        Mask b = inBlocks(large, random);
        BitSet setA = bits(a);
        BitSet setB = bits(b);
        BitSet both = copy(setA);
        both.and(setB);
        BitSet either = copy(setA);
        either.or(setB);
        BitSet onlyA = copy(setA);
        onlyA.andNot(setB);
        BitSet notA = copy(setA);
        notA.flip(0, (int) large.size());

        assertThat(bits(a.intersection(b))).isEqualTo(both);
        assertThat(bits(a.union(b))).isEqualTo(either);
        assertThat(bits(a.minus(b))).isEqualTo(onlyA);
        assertThat(bits(a.complement())).isEqualTo(notA);
        assertThat(a.intersectionSize(b)).isEqualTo(both.cardinality());
        assertThat(a.intersects(b)).isEqualTo(!both.isEmpty());
        assertThat(a.cardinality()).isEqualTo(setA.cardinality());
        assertThat(a.minus(b).union(a.intersection(b))).isEqualTo(a).hasSameHashCodeAs(a);
        assertThat(a.complement().complement()).isEqualTo(a);
        assertThat(shuffled(a, random)).isEqualTo(a);
        for (int n = 0; n < 1000; n++) {
            ParameterSpace.Location weight = large.locate(random.nextLong(large.size()));
            assertThat(a.contains(weight.tensor(), weight.index()))
                    .isEqualTo(setA.get((int) large.offset(weight.tensor()) + weight.index()));
        }
    }

    /** Experiments keep adapters under the hash of what was taken when they were trained. */
    @Test
    void theHashIsThatOfOneBitmapPerTensor() {
        ParameterSpace large = Spaces.of(1000, 400, 3, 70_001, 1, 65_536, 5, 13);
        for (long seed = 0; seed < 5; seed++) {
            Mask mask = inBlocks(large, new SplittableRandom(seed));
            long[][] words = new long[large.tensorCount()][];
            for (int t = 0; t < words.length; t++) {
                words[t] = Bits.empty(large.tensor(t).size());
                for (int index : mask.indices(t)) {
                    Bits.set(words[t], index);
                }
            }
            assertThat(mask.hashCode()).isEqualTo(31 * large.hashCode() + Arrays.deepHashCode(words));
        }
    }

    @Test
    void whatATaskLeavesAloneTakesNoRoomAndAFewWeightsLittle() {
        ParameterSpace large = Spaces.of(8192, 8192, 8192, 8192, 8192, 8192);
        Mask few = Mask.builder(large)
                .addAll("t1", new SplittableRandom(1).ints(10_000, 0, 1 << 26).toArray())
                .build();
        long bitmap = large.size() / 8;
        assertThat(few.heapBytes()).isLessThan(bitmap / 80);
        assertThat(Mask.none(large).heapBytes()).isLessThan(bitmap / 100);
        assertThat(Mask.all(large).heapBytes()).isLessThan(bitmap / 100);
        assertThat(few.complement().heapBytes()).isLessThan(bitmap / 2);
    }

    private static Mask shuffled(Mask mask, SplittableRandom random) {
        Mask.Builder builder = Mask.builder(mask.space());
        for (int t = 0; t < mask.space().tensorCount(); t++) {
            int[] indices = mask.indices(t);
            for (int n = indices.length - 1; n > 0; n--) {
                int other = random.nextInt(n + 1);
                int index = indices[n];
                indices[n] = indices[other];
                indices[other] = index;
            }
            builder.addAll(mask.space().tensor(t).name(), indices);
        }
        return builder.build();
    }

    private static Mask inBlocks(ParameterSpace space, SplittableRandom random) {
        double[] densities = {0, 0.001, 0.06, 0.07, 0.5, 1};
        Mask.Builder builder = Mask.builder(space);
        for (int t = 0; t < space.tensorCount(); t++) {
            double density = 0;
            for (int index = 0; index < space.tensor(t).size(); index++) {
                density = index % 65_536 == 0 ? densities[random.nextInt(densities.length)] : density;
                if (random.nextDouble() < density) {
                    builder.add(t, index);
                }
            }
        }
        return builder.build();
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
