package io.tessellate.engine.backend.torch;

import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.backend.BackendProvider;
import io.tessellate.engine.backend.Backends;
import io.tessellate.error.TessellateException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Provides {@code auto}: {@code torch:cuda} where there is a libtorch and a GPU that it can use, else {@code host}; the log
 * says which in one line. Whoever chooses it has agreed to either.
 */
public final class AutoProvider implements BackendProvider {
    private static final Logger log = LoggerFactory.getLogger(AutoProvider.class);

    @Override
    public String name() {
        return Backends.AUTO;
    }

    @Override
    public Backend open() {
        Backend backend;
        String reason;
        try {
            backend = Backends.open(Backends.TORCH_CUDA);
            reason = "";
        } catch (TessellateException e) {
            backend = Backends.open(Backends.HOST);
            reason = ", for " + e.getMessage();
        }
        log.info("backend auto is {} ({}){}", backend.name(), backend.description(), reason);
        return backend;
    }
}
