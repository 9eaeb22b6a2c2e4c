package io.tessellate.engine.plan;

/**
 * What a backend takes beside the vectors that are asked of it.
 *
 * @param libraries bytes of the process besides heap and vectors once the backend is open
 * @param kernelsAllocate whether its operators allocate in passing what they compute with
 * @param alongDiagonals whether gradients of a sparse class of a lift are computed without the whole product
 */
public record BackendMemory(long libraries, boolean kernelsAllocate, boolean alongDiagonals) {
    private static final long MEGABYTE = 1 << 20;

    /**
     * Of the backend of that name: how the resident set of a process grew when it was opened, measured on Linux on x86-64
     * (docs/results/engine.md); a GPU's own context is not of the process and not counted.
     */
    public static BackendMemory of(String backend) {
        if (backend.startsWith("torch:")) {
            return new BackendMemory(LIBTORCH * MEGABYTE, true, false);
        }
        return new BackendMemory(ND4J * MEGABYTE, backend.startsWith("nd4j"), !backend.startsWith("nd4j"));
    }

    private static final long ND4J = 330;
    private static final long LIBTORCH = 420;
}
