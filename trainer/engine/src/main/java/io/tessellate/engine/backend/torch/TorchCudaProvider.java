package io.tessellate.engine.backend.torch;

import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.backend.BackendProvider;
import io.tessellate.engine.backend.Backends;

/** Provides {@code torch:cuda}, the first NVIDIA GPU, and {@code torch:cuda:N}. It never runs anywhere else instead. */
public final class TorchCudaProvider implements BackendProvider {
    @Override
    public String name() {
        return Backends.TORCH_CUDA;
    }

    @Override
    public boolean provides(String chosen) {
        return chosen.equals(name()) || chosen.startsWith(name() + ":");
    }

    @Override
    public Backend open() {
        return open(name());
    }

    @Override
    public Backend open(String chosen) {
        return TorchBackend.open(TorchDevice.parse(chosen));
    }
}
