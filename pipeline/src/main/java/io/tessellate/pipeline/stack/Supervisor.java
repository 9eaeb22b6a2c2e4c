package io.tessellate.pipeline.stack;

import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks after the parts of a stack: one that is dead is started again, with growing pauses, and each time people are told.
 * When a part cannot be had the stack is beyond help: that is said once, and nothing more is tried.
 */
final class Supervisor implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Supervisor.class);
    private static final long LOOK_EVERY_MILLIS = 500;
    private static final long CLOSE_MILLIS = 30_000;

    private final List<Watched> parts;
    private final Clock clock;
    private final Consumer<String> giveUp;
    private final Thread thread = new Thread(this::run, "supervisor");
    private volatile boolean closed;

    /**
     * A supervisor that does not look yet.
     *
     * @param giveUp told, once, why the stack is beyond help
     */
    Supervisor(List<Watched> parts, Clock clock, Consumer<String> giveUp) {
        this.parts = List.copyOf(parts);
        this.clock = clock;
        this.giveUp = giveUp;
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    private void run() {
        try {
            while (!closed && !looked()) {
                TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MILLIS);
            }
        } catch (InterruptedException e) {
            LOG.debug("supervision ends");
        }
    }

    /** A part that cannot even say how it is must not end the supervision of the others. */
    private boolean looked() {
        try {
            return look();
        } catch (RuntimeException | Error e) {
            LOG.error("a part could not be looked at", e);
            return false;
        }
    }

    /** Looks at every part once; true when the stack is beyond help. */
    boolean look() {
        for (Watched part : parts) {
            Optional<String> why = closed ? Optional.empty() : part.look(clock.instant());
            if (why.isPresent()) {
                LOG.error("{}", why.get());
                giveUp.accept(why.get());
                return true;
            }
        }
        return false;
    }

    /** Returns once nothing is being started any more. */
    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        if (Thread.currentThread() == thread) {
            return;
        }
        try {
            thread.join(CLOSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
