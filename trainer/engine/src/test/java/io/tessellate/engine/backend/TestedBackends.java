package io.tessellate.engine.backend;

import java.util.List;

/** The backends that models are held to the same numbers on. */
public final class TestedBackends {
    /** System property that names the backend some tests run on once more. */
    public static final String PROPERTY = "tessellate.test.backend";

    /** System property that names the backend others are measured by, where {@code host} is not at hand. */
    static final String MEASURE = "tessellate.test.measure";

    private TestedBackends() {}

    /** Names of all of them; the build fetches libtorch for Linux on x86-64 only. */
    public static List<String> names() {
        return System.getProperty("tessellate.libtorch") == null
                ? List.of(Backends.HOST, Backends.ND4J)
                : List.of(Backends.HOST, Backends.ND4J, Backends.TORCH_CPU);
    }
}
