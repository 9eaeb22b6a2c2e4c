package io.tessellate.engine.backend.nd4j;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Whether this build brings ND4J's CUDA backend (profile {@code cuda}), and whether it can be used here.
 *
 * @param present whether it is on the class path
 * @param survey finds the GPUs
 */
public record CudaBuild(boolean present, Supplier<Gpus> survey) {
    private static final String BACKEND = "org.nd4j.linalg.jcublas.JCublasBackend";

    /** As the class path says. */
    public static CudaBuild ofClassPath() {
        return new CudaBuild(isPresent(), NvidiaSmi::survey);
    }

    private static boolean isPresent() {
        try {
            Class.forName(BACKEND, false, CudaBuild.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException | LinkageError e) {
            return false;
        }
    }

    /** Why the GPU it was built for cannot be used; empty for a build without CUDA, which asks for none. */
    public Optional<String> problem() {
        return present ? survey.get().problem() : Optional.empty();
    }

    /** Refuses to run on anything but the GPU that a CUDA build was asked to use. */
    void requireGpu(String backend) {
        problem().ifPresent(problem -> {
            throw new TessellateException(
                    ErrorCode.INVALID_CONFIGURATION, "backend '%s' cannot use a GPU: %s".formatted(backend, problem));
        });
    }
}
