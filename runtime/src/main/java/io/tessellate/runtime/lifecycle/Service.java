package io.tessellate.runtime.lifecycle;

import io.tessellate.runtime.health.Component;

/** A part of a process with a beginning and an end. */
public interface Service extends Component, AutoCloseable {
    /**
     * Begins the work and returns once it is under way; readiness may come later.
     *
     * @throws io.tessellate.error.TessellateException if it cannot begin
     */
    void start();

    /** Ends the work and frees everything; does nothing when called again or before {@link #start()}. */
    @Override
    void close();
}
