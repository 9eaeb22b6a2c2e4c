package io.tessellate.engine.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.backend.Backends;
import io.tessellate.engine.backend.Matrix;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SharedVectorTest {
    private static final int BYTES = 4 * Float.BYTES;

    private final Backend backend = Backends.open(Backends.HOST);
    private final long before = backend.memory().allocatedBytes();
    private final SharedVector vector = new SharedVector(backend, 4);

    @AfterEach
    void close() {
        vector.close();
        assertThat(allocated()).isZero();
    }

    private long allocated() {
        return backend.memory().allocatedBytes() - before;
    }

    @Test
    void copiesTakeNoMemoryUntilOneIsWritten() {
        vector.put(0, new float[] {1, 2, 3, 4}, 0, 4);
        try (SharedVector first = vector.copy();
                SharedVector second = first.copy()) {
            assertThat(allocated()).isEqualTo(BYTES);
            assertThat(vector.sameMemoryAs(first)).isTrue();
            first.scatter(new int[] {1}, new float[] {20}, 1);
            assertThat(allocated()).isEqualTo(2 * BYTES);
            assertThat(vector.sameMemoryAs(first)).isFalse();
            assertThat(vector.sameMemoryAs(second)).isTrue();
            vector.fill(3, 1, 40);
            assertThat(allocated()).isEqualTo(3 * BYTES);
            second.fillFrom(0, 1, (at, count, target) -> target.put(10));
            assertThat(allocated()).as("the last to use it need not move").isEqualTo(3 * BYTES);
            assertThat(vector.toArray(0, 4)).containsExactly(1, 2, 3, 40);
            assertThat(first.toArray(0, 4)).containsExactly(1, 20, 3, 4);
            assertThat(second.toArray(0, 4)).containsExactly(10, 2, 3, 4);
            assertThat(second.moves()).isZero();
            second.copyFrom(first);
            assertThat(second.toArray(0, 4)).containsExactly(1, 20, 3, 4);
        }
        assertThat(allocated()).isEqualTo(BYTES);
    }

    @Test
    void aMatrixReadsTheMemoryThatItsVectorHadWhenItWasLaid() {
        try (SharedVector copy = vector.copy()) {
            Matrix shared = copy.matrix(0, 2, 2);
            copy.put(0, new float[] {5, 6, 7, 8}, 0, 4);
            assertThat(copy.moves()).isEqualTo(1);
            float[] found = new float[4];
            shared.get(found);
            assertThat(found).containsOnly(0);
            copy.matrix(0, 2, 2).get(found);
            assertThat(found).containsExactly(5, 6, 7, 8);
        }
    }

    @Test
    void whatIsClosedIsNotUsedAndTakesNothingFromOthers() {
        vector.fill(0, 4, 2);
        SharedVector copy = vector.copy();
        copy.close();
        copy.close();
        assertThatThrownBy(() -> copy.toArray(0, 1)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> copy.fill(0, 1, 1)).isInstanceOf(IllegalStateException.class);
        assertThat(vector.toArray(0, 4)).containsOnly(2);
    }
}
