package io.tessellate.mask.adapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tessellate.mask.EligibleTensor;
import io.tessellate.mask.Mask;
import io.tessellate.mask.ParameterSpace;
import io.tessellate.mask.RandomMask;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RiceCodeTest {
    private static final long SIZE = Integer.MAX_VALUE - 63L;

    @ParameterizedTest
    @ValueSource(doubles = {0.0001, 0.001, 0.01, 0.1, 0.3, 0.5, 0.9, 1})
    void decodingUndoesEncodingAtEveryDensity(double density) throws MalformedAdapterException {
        for (int seed = 0; seed < 5; seed++) {
            int[] indices = random(density, 300, 301, seed);
            RiceCode code = RiceCode.encode(new EntryIndex.Listed(indices));
            assertThat(RiceCode.decode(code.bytes(), code.parameter(), indices.length, 300 * 301))
                    .isEqualTo(indices);
        }
    }

    @Test
    void extremeIndicesSurvive() throws MalformedAdapterException {
        int last = (int) SIZE - 1;
        for (int[] indices : new int[][] {
            {},
            {0},
            {last},
            {0, last},
            {last - 1, last},
            {0, 1, 2, 3, last},
            IntStream.range(0, 1000).toArray()
        }) {
            RiceCode code = RiceCode.encode(new EntryIndex.Listed(indices));
            assertThat(RiceCode.decode(code.bytes(), code.parameter(), indices.length, SIZE))
                    .isEqualTo(indices);
        }
    }

    @Test
    void theBytesAreThoseOfTheFormat() {
        // k = 0: gaps 0, 1, 2 are the bits 1, 01, 001.
        RiceCode code = RiceCode.encode(new EntryIndex.Listed(new int[] {0, 2, 5}));
        assertThat(code.parameter()).isZero();
        assertThat(code.bytes()).containsExactly(0b100101);
        // k = 3, gap 29 = 3 * 8 + 5: three zeros, a one, then 5 lowest bit first.
        RiceCode wide = RiceCode.encode(new EntryIndex.Listed(new int[] {7, 15, 23, 53}));
        assertThat(wide.parameter()).isEqualTo(3);
        assertThat(bits(wide.bytes())).isEqualTo("1111" + "1111" + "1111" + "0001101" + "00000");
    }

    @ParameterizedTest
    @CsvSource({"0.1,1000", "0.05,1000", "0.01,2000", "0.0024,4000"})
    void anIndexTakesAtMostATenthOfABitMoreThanItsEntropy(double density, int side) {
        int[] indices = random(density, side, side, 1);
        double perIndex = 8.0 * RiceCode.encode(new EntryIndex.Listed(indices)).bytes().length / indices.length;
        double entropy = -(density * log2(density) + (1 - density) * log2(1 - density)) / density;
        assertThat(perIndex).isBetween(entropy - 0.02, entropy + 0.1);
    }

    @Test
    void theParameterIsTheBestOfAll() {
        for (double density : new double[] {0.7, 0.4, 0.2, 0.1, 0.03, 0.01}) {
            int[] indices = random(density, 200, 200, 3);
            RiceCode code = RiceCode.encode(new EntryIndex.Listed(indices));
            long best = IntStream.rangeClosed(0, RiceCode.MAX_PARAMETER)
                    .mapToLong(k -> bits(indices, k))
                    .min()
                    .orElseThrow();
            assertThat(bits(indices, code.parameter())).isEqualTo(best);
            assertThat(code.bytes()).hasSize((int) (best + 7) / 8);
        }
    }

    @Test
    void damagedStreamsAreRefusedOrStayWithinBounds() {
        SplittableRandom random = new SplittableRandom(4);
        int[] indices = random(0.05, 60, 70, 4);
        RiceCode code = RiceCode.encode(new EntryIndex.Listed(indices));
        int refused = 0;
        for (int n = 0; n < 20_000; n++) {
            byte[] bytes = Arrays.copyOf(code.bytes(), code.bytes().length - random.nextInt(3));
            bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            int parameter = random.nextInt(4) == 0 ? random.nextInt(31) : code.parameter();
            try {
                int[] decoded = RiceCode.decode(bytes, parameter, indices.length, 60 * 70);
                assertThat(decoded).isSorted().hasSameSizeAs(indices);
                assertThat(decoded[decoded.length - 1]).isLessThan(60 * 70);
            } catch (MalformedAdapterException e) {
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(10_000);
    }

    @Test
    void moreIndicesThanBitsAreRefusedBeforeMemoryIsReserved() {
        assertThatThrownBy(() -> RiceCode.decode(new byte[10], 0, Integer.MAX_VALUE, SIZE))
                .hasMessage("2147483647 indices of parameter 0 do not fit into 10 bytes");
        assertThatThrownBy(() -> RiceCode.decode(new byte[10], 4, 17, SIZE)).hasMessageContaining("do not fit");
    }

    @Test
    void whatFollowsTheLastIndexIsRefused() {
        assertThatThrownBy(() -> RiceCode.decode(new byte[] {1, 0}, 0, 1, SIZE)).hasMessageContaining("must end");
        assertThatThrownBy(() -> RiceCode.decode(new byte[] {3}, 0, 1, SIZE)).hasMessageContaining("filled with zeros");
        assertThatThrownBy(() -> RiceCode.decode(new byte[] {0}, 0, 1, SIZE)).hasMessageContaining("within its bytes");
        assertThatThrownBy(() -> RiceCode.decode(new byte[] {4}, 0, 1, 2)).hasMessageContaining("must be below 2");
    }

    private static int[] random(double density, int rows, int columns, int seed) {
        ParameterSpace space = new ParameterSpace(List.of(new EligibleTensor("w", rows, columns)));
        return RandomMask.of(Mask.all(space), Math.round(space.size() * density), new SplittableRandom(seed))
                .indices(0);
    }

    private static long bits(int[] indices, int parameter) {
        long bits = 0;
        int last = -1;
        for (int index : indices) {
            bits += (index - last - 1 >> parameter) + 1 + parameter;
            last = index;
        }
        return bits;
    }

    private static String bits(byte[] bytes) {
        StringBuilder bits = new StringBuilder();
        for (byte b : bytes) {
            for (int n = 0; n < 8; n++) {
                bits.append(b >> n & 1);
            }
        }
        return bits.toString();
    }

    private static double log2(double x) {
        return x == 0 ? 0 : Math.log(x) / Math.log(2);
    }
}
