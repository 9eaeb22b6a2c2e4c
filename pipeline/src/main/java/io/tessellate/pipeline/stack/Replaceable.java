package io.tessellate.pipeline.stack;

import io.tessellate.runtime.health.Health;
import io.tessellate.runtime.lifecycle.Service;
import java.util.function.Supplier;

/** A service that is made anew after it died: its threads, tails and clients do not start twice. */
final class Replaceable<S extends Service> implements Service {
    private final Supplier<S> maker;
    private volatile S current;
    private boolean closed;

    Replaceable(Supplier<S> maker) {
        this.maker = maker;
        this.current = maker.get();
    }

    /** The one that runs, or is to run. */
    S current() {
        return current;
    }

    /** Ends what is left of the service and starts another in its place. */
    synchronized void replace() {
        if (!closed) {
            current.close();
            current = maker.get();
            current.start();
        }
    }

    @Override
    public String name() {
        return current.name();
    }

    @Override
    public synchronized void start() {
        current.start();
    }

    @Override
    public Health health() {
        return current.health();
    }

    @Override
    public synchronized void close() {
        closed = true;
        current.close();
    }
}
