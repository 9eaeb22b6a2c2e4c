package io.tessellate.engine.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.backend.Backends;
import io.tessellate.engine.backend.Lookup;
import io.tessellate.engine.backend.Matrix;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Held to a plain array that the same is done to. */
class ShortVectorTest {
    /** 16 bits, 32 bits, 16 bits. */
    private static final int[] SECTIONS = {50_000, 77, 131};

    private static final int SIZE = Arrays.stream(SECTIONS).sum();

    private final Backend backend = Backends.open(Backends.HOST);
    private final Random random = new Random(4);

    private float[] values(boolean shorts) {
        float[] values = new float[SIZE];
        for (int i = 0; i < SIZE; i++) {
            int bits = Float.floatToRawIntBits((float) random.nextGaussian());
            values[i] = Float.intBitsToFloat(shorts ? bits & 0xffff0000 : bits);
        }
        return values;
    }

    private static ShortVector of(Backend backend, float[] values) {
        ShortVector.Builder builder = ShortVector.builder(backend);
        int start = 0;
        for (int s = 0; s < SECTIONS.length; s++) {
            int from = start;
            if (s == 1) {
                builder.floats(SECTIONS[s], (first, count, target) -> target.put(values, from + first, count));
            } else {
                builder.shorts(SECTIONS[s], (first, count, target) -> target.put(values, from + first, count));
            }
            start += SECTIONS[s];
        }
        return builder.end().build().get(0);
    }

    private void same(ShortVector vector, float[] expected) {
        float[] found = vector.toArray(0, SIZE);
        for (int i = 0; i < SIZE; i++) {
            assertThat(Float.floatToRawIntBits(found[i])).isEqualTo(Float.floatToRawIntBits(expected[i]));
        }
    }

    @Test
    void whateverIsAssignedReadsBackBitForBitAndACopyIsItsOwn() {
        float[] expected = values(true);
        try (ShortVector vector = of(backend, expected)) {
            same(vector, expected);
            float[] before = expected.clone();
            try (ShortVector copy = ShortVector.copies(List.of(vector)).get(0)) {
                for (int round = 0; round < 12; round++) {
                    int[] places = places(2_000);
                    float[] news = round % 3 == 0 ? gathered(before, places) : values(false);
                    vector.scatter(places, news, places.length);
                    for (int i = 0; i < places.length; i++) {
                        expected[places[i]] = news[i];
                    }
                    same(vector, expected);
                    float[] read = new float[places.length];
                    vector.gather(places, read, places.length);
                    assertThat(read).isEqualTo(gathered(expected, places));
                }
                same(copy, before);
                float[] special = {Float.NaN, Float.POSITIVE_INFINITY, -0f, Float.MIN_VALUE, 1e-40f, 3.1415927f};
                vector.put(49_998, special, 0, special.length);
                System.arraycopy(special, 0, expected, 49_998, special.length);
                same(vector, expected);
                copy.copyFrom(vector);
                same(copy, expected);
                same(vector, expected);
            }
        }
    }

    /** Ascending, some in every section. */
    private int[] places(int count) {
        TreeSet<Integer> places = new TreeSet<>();
        while (places.size() < count) {
            places.add(random.nextInt(10) == 0 ? SIZE - 1 - random.nextInt(250) : random.nextInt(SIZE));
            if (places.size() > count / 10 && random.nextInt(3) == 0) {
                places.add(random.nextInt(SIZE));
            }
        }
        return places.stream().mapToInt(Integer::intValue).toArray();
    }

    private static float[] gathered(float[] from, int[] places) {
        float[] values = new float[places.length];
        for (int i = 0; i < places.length; i++) {
            values[i] = from[places[i]];
        }
        return values;
    }

    @Test
    void aSectionOfWhichMostIsAssignedGoesOverToWholeFloats() {
        float[] expected = values(true);
        try (ShortVector vector = of(backend, expected)) {
            long before = backend.memory().allocatedBytes();
            float[] other = values(false);
            vector.put(0, other, 0, 25_001);
            System.arraycopy(other, 0, expected, 0, 25_001);
            assertThat(backend.memory().allocatedBytes() - before).isEqualTo(4L * SECTIONS[0]);
            same(vector, expected);
            vector.fill(10, 100, 0.3f);
            Arrays.fill(expected, 10, 110, 0.3f);
            same(vector, expected);
        }
        assertThat(backend.memory().allocatedBytes()).isZero();
    }

    @Test
    void valuesThatAreNoShortOnesAreReadAllTheSame() {
        float[] odd = values(true);
        odd[17] = 0.1f;
        odd[20_000] = 1e-42f;
        try (ShortVector vector = of(backend, odd)) {
            same(vector, odd);
        }
    }

    @ParameterizedTest
    @MethodSource("io.tessellate.engine.backend.TestedBackends#names")
    void matricesAreWidenedInTheBackendsMemory(String name) {
        Backend other = Backends.open(name);
        float[] expected = values(true);
        try (ShortVector vector = of(other, expected)) {
            vector.scatter(new int[] {205, 412}, new float[] {0.1f, -0.7f}, 2);
            expected[205] = 0.1f;
            expected[412] = -0.7f;
            Matrix matrix = vector.matrix(200, 199, 250);
            Matrix wide = matrix.wide();
            assertThat(wide.memory().toArray(wide.offset(), wide.size()))
                    .containsExactly(Arrays.copyOfRange(expected, 200, 200 + 199 * 250));
            Lookup rows = matrix.lookup(3, 0, 3);
            float[] row = rows.table().memory().toArray(rows.table().offset() + rows.rows()[1] * 250, 250);
            assertThat(row).containsExactly(Arrays.copyOfRange(expected, 200, 450));
            Matrix whole = vector.matrix(SECTIONS[0], 7, 11);
            assertThat(whole.wide()).isSameAs(whole);
            assertThat(whole.memory().toArray(whole.offset(), 77))
                    .containsExactly(Arrays.copyOfRange(expected, SECTIONS[0], SECTIONS[0] + 77));
        }
    }
}
