package io.tessellate.engine.backend.nd4j;

import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.backend.BackendProvider;
import io.tessellate.engine.backend.Backends;

/** Provides the backend {@code nd4j}. */
public final class Nd4jBackendProvider implements BackendProvider {
    @Override
    public String name() {
        return Backends.ND4J;
    }

    @Override
    public Backend open() {
        Nd4jRuntime.start();
        return new Nd4jBackend();
    }
}
