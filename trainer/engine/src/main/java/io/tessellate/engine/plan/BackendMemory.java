package io.tessellate.engine.plan;

import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.precision.Precision;

/**
 * What a backend takes beside the vectors that are asked of it.
 *
 * @param libraries bytes of the process besides heap and vectors once the backend is open
 * @param kernelsAllocate whether its operators allocate in passing what they compute with
 * @param alongDiagonals whether gradients of a sparse class of a lift are computed without the whole product
 * @param fastRounding whether products of bf16 numbers are faster than others
 */
public record BackendMemory(long libraries, boolean kernelsAllocate, boolean alongDiagonals, boolean fastRounding) {
    private static final long MEGABYTE = 1 << 20;
    private static final long ND4J = 150;
    private static final long LIBTORCH = 420;

    /** Of a backend that is open. */
    public static BackendMemory of(Backend backend) {
        return of(backend.name(), backend.products().rounding().fast());
    }

    /** Of the backend of that name on a machine with instructions for bf16. */
    public static BackendMemory of(String backend) {
        return of(backend, true);
    }

    /**
     * What the libraries take was measured on Linux on x86-64, beside trainings of several models (docs/results/engine.md); a GPU's
     * own context is not of the process and not counted.
     */
    private static BackendMemory of(String backend, boolean fastRounding) {
        if (backend.startsWith("torch:")) {
            return new BackendMemory(LIBTORCH * MEGABYTE, true, false, fastRounding);
        }
        boolean nd4j = backend.startsWith("nd4j");
        return new BackendMemory(ND4J * MEGABYTE, nd4j, !nd4j, fastRounding);
    }

    /** Whether passes of a precision round weights to bf16. */
    boolean rounds(Precision precision) {
        return switch (precision) {
            case FP32 -> false;
            case MIXED -> true;
            case AUTO -> fastRounding;
        };
    }

    /** Bytes of the rounded matrices of one product, of its sum and of a matrix that is held for a second one, for each entry of the largest of them. */
    long roundedBytes() {
        int matrices = 4;
        return fastRounding
                ? (long) matrices * Short.BYTES + Float.BYTES
                : (long) matrices * (Short.BYTES + Float.BYTES);
    }
}
