package io.tessellate.engine.backend;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.util.List;
import java.util.ServiceLoader;

/** The backends on the class path, chosen by name and never replaced silently by another. */
public final class Backends {
    /** The default: matrix products by ND4J, everything row-wise as Java loops. */
    public static final String HOST = "host";
    /** ND4J operations only: on the GPU in a build with CUDA, else on the CPU. */
    public static final String ND4J = "nd4j";
    /** {@link #ND4J} where there is a GPU it supports, else {@link #HOST}. */
    public static final String ND4J_OR_CPU = "nd4j-or-cpu";

    private Backends() {}

    /** Opens the backend of that name, or fails naming those there are. */
    public static Backend open(String name) {
        List<BackendProvider> providers = ServiceLoader.load(BackendProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .toList();
        return providers.stream()
                .filter(provider -> provider.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new TessellateException(
                        ErrorCode.INVALID_ARGUMENT,
                        "backend '%s' is unknown; known are %s"
                                .formatted(
                                        name,
                                        providers.stream()
                                                .map(BackendProvider::name)
                                                .sorted()
                                                .toList())))
                .open();
    }
}
