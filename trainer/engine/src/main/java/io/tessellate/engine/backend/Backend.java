package io.tessellate.engine.backend;

import java.util.Map;

/**
 * The arithmetic of a transformer, in a few groups. All operations write into memory the caller allocated, are
 * deterministic, and may be called from several threads as long as no two calls touch the same memory.
 */
public interface Backend {
    /** The name it is chosen by, for example {@code host}. */
    String name();

    /** What runs underneath, in one line for logs. */
    String description();

    /**
     * What the last bits of its results depend on, besides the build: two machines that agree in these facts come to the
     * same bits. Recorded with whatever was trained.
     */
    Map<String, String> environment();

    /** Vectors, and matrices over them. */
    Memory memory();

    /** Matrix products. */
    Products products();

    /** Sums over rows and with rows, table look-ups, the loss. */
    RowKernels rows();

    /** The functions inside feed-forward blocks. */
    ActivationKernels activations();

    /** Normalisations of rows. */
    NormKernels norms();

    /** Multi-head attention. */
    AttentionKernels attention();
}
