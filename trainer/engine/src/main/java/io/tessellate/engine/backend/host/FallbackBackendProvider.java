package io.tessellate.engine.backend.host;

import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.backend.BackendProvider;
import io.tessellate.engine.backend.Backends;
import io.tessellate.engine.backend.nd4j.CudaBuild;
import io.tessellate.engine.backend.nd4j.Nd4jBackendProvider;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Provides {@code nd4j-or-cpu}: backend {@code nd4j} on a GPU if this build and machine have one it supports, else {@code
 * host}, saying so in the log. Whoever chooses it has agreed to either.
 */
public final class FallbackBackendProvider implements BackendProvider {
    private static final Logger log = LoggerFactory.getLogger(FallbackBackendProvider.class);

    @Override
    public String name() {
        return Backends.ND4J_OR_CPU;
    }

    @Override
    public Backend open() {
        CudaBuild build = CudaBuild.ofClassPath();
        Optional<String> problem = build.problem();
        if (build.present() && problem.isEmpty()) {
            return new Nd4jBackendProvider().open();
        }
        log.warn("training on the CPU: {}", problem.orElse("this build has no CUDA; build with -Pcuda"));
        return new HostBackendProvider().open();
    }
}
