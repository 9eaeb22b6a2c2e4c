package io.tessellate.engine.backend;

import static org.assertj.core.api.Assertions.assertThat;

import io.tessellate.engine.Rounding;
import java.util.Arrays;
import java.util.Random;

/** What the parts of a {@link BackendContract} have in common. */
interface KernelContract {
    /** Memory of the backend that is held to the contract. */
    KernelMemory kernels();

    default Backend backend() {
        return kernels().backend();
    }

    default Random draws() {
        return kernels().random();
    }

    default Matrix empty(int rows, int columns) {
        return kernels().empty(rows, columns);
    }

    default Matrix random(int rows, int columns) {
        return kernels().random(rows, columns);
    }

    static double[] wide(Matrix matrix) {
        return KernelMemory.wide(matrix);
    }

    /** By the largest entry. */
    static void assertClose(Matrix actual, double[] expected, Rounding rounding) {
        rounding.assertClose(wide(actual), expected);
    }

    /** Bit for bit, but zeros are equal whatever their sign. */
    static void assertSame(Matrix actual, double[] expected) {
        assertThat(wide(actual))
                .usingElementComparator((a, b) -> a.doubleValue() == b.doubleValue() ? 0 : Double.compare(a, b))
                .containsExactly(expected);
    }

    static double[] doubled(double[] values) {
        return Arrays.stream(values).map(x -> 2 * x).toArray();
    }
}
