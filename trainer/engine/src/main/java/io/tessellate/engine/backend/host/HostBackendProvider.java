package io.tessellate.engine.backend.host;

import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.backend.BackendProvider;
import io.tessellate.engine.backend.Backends;
import io.tessellate.engine.backend.nd4j.Nd4jRuntime;

/** Provides the backend {@code host}. */
public final class HostBackendProvider implements BackendProvider {
    @Override
    public String name() {
        return Backends.HOST;
    }

    @Override
    public Backend open() {
        Nd4jRuntime.requireCpu(name());
        return HostBackend.open(new RowRunner(Runtime.getRuntime().availableProcessors()));
    }
}
