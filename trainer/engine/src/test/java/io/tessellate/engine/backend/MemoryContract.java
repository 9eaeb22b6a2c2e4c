package io.tessellate.engine.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Vectors, and how a backend is found. */
interface MemoryContract extends KernelContract {
    @Test
    default void isFoundByItsNameAndSaysWhatItsBitsDependOn() {
        assertThat(Backends.open(backend().name()).name()).isEqualTo(backend().name());
        assertThat(backend().description()).isNotBlank();
        assertThat(backend().environment())
                .isEqualTo(Backends.open(backend().name()).environment())
                .isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 1000})
    default void aVectorGivesBackWhatWasPut(int size) {
        try (FloatVector vector = backend().memory().allocate(size);
                FloatVector copy = backend().memory().allocate(size)) {
            assertThat(vector.toArray(0, size)).containsOnly(0f);
            float[] values = new float[size];
            for (int i = 0; i < size; i++) {
                values[i] = i + 0.5f;
            }
            vector.put(0, values, 0, size);
            copy.copyFrom(vector);
            vector.fill(0, size, -1f);
            assertThat(copy.toArray(0, size)).isEqualTo(values);
            int[] indices = {size - 1, 0};
            float[] gathered = new float[2];
            copy.gather(indices, gathered, 2);
            assertThat(gathered).containsExactly(size - 0.5f, 0.5f);
            copy.scatter(indices, new float[] {9f, 8f}, 1);
            assertThat(copy.toArray(size - 1, 1)).containsExactly(9f);
        }
    }

    @Test
    default void aVectorIsFilledInPartsFromASource() {
        try (FloatVector vector = backend().memory().allocate(300_000)) {
            vector.fillFrom(5, 299_990, (first, count, target) -> {
                for (int i = first; i < first + count; i++) {
                    target.put(i);
                }
            });
            float[] values = vector.toArray(0, 300_000);
            assertThat(values[4]).isZero();
            assertThat(values[5 + 299_989]).isEqualTo(299_989f);
            assertThat(values[299_995]).isZero();
            assertThat(IntStream.range(0, 299_990)).allMatch(i -> values[5 + i] == i);
        }
    }

    @Test
    default void saysHowMuchMemoryThereIsWhereItsVectorsLie() {
        MemoryRoom room = backend().memory().room();
        assertThat(room.known()).isTrue();
        assertThat(room.total()).isGreaterThan(1 << 26);
        assertThat(room.free()).isPositive().isLessThanOrEqualTo(room.total());
        assertThat(room.origin()).isNotBlank();
    }

    @Test
    default void aVectorIsOfNoUseOnceItIsClosedAndClosingTwiceIsHarmless() {
        FloatVector vector = backend().memory().allocate(3);
        vector.close();
        vector.close();
        assertThatThrownBy(() -> vector.toArray(0, 3)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    default void whatLiesOutsideAVectorIsRefused() {
        try (FloatVector vector = backend().memory().allocate(3)) {
            assertThatThrownBy(() -> vector.toArray(1, 3)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> vector.put(3, new float[1], 0, 1)).isInstanceOf(IndexOutOfBoundsException.class);
        }
        assertThatThrownBy(() -> backend().memory().allocate(0)).isInstanceOf(IllegalArgumentException.class);
    }
}
