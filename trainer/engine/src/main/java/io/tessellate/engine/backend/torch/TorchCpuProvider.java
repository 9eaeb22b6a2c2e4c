package io.tessellate.engine.backend.torch;

import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.backend.BackendProvider;
import io.tessellate.engine.backend.Backends;

/** Provides {@code torch:cpu}. */
public final class TorchCpuProvider implements BackendProvider {
    @Override
    public String name() {
        return Backends.TORCH_CPU;
    }

    @Override
    public Backend open() {
        return TorchBackend.open(TorchDevice.HOST);
    }
}
