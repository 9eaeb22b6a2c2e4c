package io.tessellate.engine.backend.host;

import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.backend.BackendProvider;
import io.tessellate.engine.backend.BackendSurvey;
import io.tessellate.engine.backend.Backends;
import io.tessellate.error.TessellateException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Provides {@code auto}: {@code torch:cuda} where there is a libtorch and a GPU that it can use, else {@code host}; the log
 * says which in one line. Whoever chooses it has agreed to either.
 */
public final class AutoBackendProvider implements BackendProvider {
    private static final Logger log = LoggerFactory.getLogger(AutoBackendProvider.class);

    @Override
    public String name() {
        return Backends.AUTO;
    }

    @Override
    public Backend open() {
        Choice choice = choose();
        log.info("backend auto is {}", choice.reason());
        return choice.backend();
    }

    @Override
    public BackendSurvey survey() {
        return new BackendSurvey(name(), true, choose().reason());
    }

    private static Choice choose() {
        try {
            Backend gpu = Backends.open(Backends.TORCH_CUDA);
            return new Choice(gpu, "%s: %s".formatted(gpu.name(), gpu.description()));
        } catch (TessellateException e) {
            Backend cpu = Backends.open(Backends.HOST);
            return new Choice(cpu, "%s, for torch:cuda does not open: %s".formatted(cpu.name(), e.getMessage()));
        }
    }

    private record Choice(Backend backend, String reason) {}
}
