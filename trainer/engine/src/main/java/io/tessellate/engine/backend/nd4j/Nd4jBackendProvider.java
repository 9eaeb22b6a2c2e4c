package io.tessellate.engine.backend.nd4j;

import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.backend.BackendProvider;
import io.tessellate.engine.backend.Backends;

/** Provides the backend {@code nd4j}: on the GPU in a build with CUDA, which then must have one; else on the CPU. */
public final class Nd4jBackendProvider implements BackendProvider {
    @Override
    public String name() {
        return Backends.ND4J;
    }

    @Override
    public Backend open() {
        CudaBuild build = CudaBuild.ofClassPath();
        build.requireGpu(name());
        Nd4jRuntime.start();
        if (build.present()) {
            Nd4jRuntime.requireGpu(name());
        }
        return Nd4jBackend.open();
    }
}
