package io.tessellate.engine.backend;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.util.Comparator;
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

    /** libtorch on the CPU. */
    public static final String TORCH_CPU = "torch:cpu";
    /** libtorch on an NVIDIA GPU: the first, or with {@code :N} after it another. */
    public static final String TORCH_CUDA = "torch:cuda";
    /** {@link #TORCH_CUDA} where it opens, else {@link #HOST}. */
    public static final String AUTO = "auto";

    private Backends() {}

    /** Opens the backend of that name, or fails naming those there are. */
    public static Backend open(String name) {
        List<BackendProvider> providers = providers();
        return providers.stream()
                .filter(provider -> provider.provides(name))
                .findFirst()
                .orElseThrow(() -> new TessellateException(
                        ErrorCode.INVALID_ARGUMENT,
                        "backend '%s' is unknown; known are %s"
                                .formatted(
                                        name,
                                        providers.stream()
                                                .map(BackendProvider::name)
                                                .toList())))
                .open(name);
    }

    /** What of each is found on this machine, by name. */
    public static List<BackendSurvey> survey() {
        return providers().stream().map(BackendProvider::survey).toList();
    }

    private static List<BackendProvider> providers() {
        return ServiceLoader.load(BackendProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .sorted(Comparator.comparing(BackendProvider::name))
                .toList();
    }
}
