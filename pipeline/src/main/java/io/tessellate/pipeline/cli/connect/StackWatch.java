package io.tessellate.pipeline.cli.connect;

import io.tessellate.error.TessellateException;
import java.util.Optional;

/** Whether what a command works with is still there. Asked often, so the answer is at hand. */
public interface StackWatch extends AutoCloseable {
    /** Why nothing can come any more, and what to do; empty while it can. */
    Optional<TessellateException> broken();

    @Override
    void close();
}
