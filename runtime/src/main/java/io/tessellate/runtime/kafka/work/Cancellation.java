package io.tessellate.runtime.kafka.work;

import io.tessellate.error.StoppedException;
import io.tessellate.runtime.retry.Pause;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Tells a piece of work that it is to stop where it can go on later. A part of the work may have one of its own, which stops with
 * the whole and by itself.
 */
public final class Cancellation implements Pause, AutoCloseable {
    private final CountDownLatch cancelled = new CountDownLatch(1);
    private final Set<Cancellation> parts = ConcurrentHashMap.newKeySet();
    private final @Nullable Cancellation whole;

    /** One that nobody has asked for yet. */
    public Cancellation() {
        this(null);
    }

    private Cancellation(@Nullable Cancellation whole) {
        this.whole = whole;
    }

    /** One for a part of the work: it is asked for with this one too. Whoever made it closes it when the part is done. */
    public Cancellation narrower() {
        Cancellation part = new Cancellation(this);
        parts.add(part);
        if (isCancelled()) {
            part.cancel();
        }
        return part;
    }

    /** Asks for the stop. */
    public void cancel() {
        cancelled.countDown();
        parts.forEach(Cancellation::cancel);
    }

    /** Forgets a part that is done; asks for nothing. */
    @Override
    public void close() {
        if (whole != null) {
            whole.parts.remove(this);
        }
    }

    /** Whether the stop was asked for. */
    public boolean isCancelled() {
        return cancelled.getCount() == 0;
    }

    /** Throws a {@link StoppedException} if the stop was asked for. */
    public void check() {
        if (isCancelled()) {
            throw stopped();
        }
    }

    @Override
    public void pause(Duration length) {
        pause(length.toMillis());
    }

    /** Waits, and throws as soon as the stop is asked for. */
    public void pause(long millis) {
        try {
            if (cancelled.await(millis, TimeUnit.MILLISECONDS)) {
                throw stopped();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw interrupted(e);
        }
    }

    static StoppedException interrupted(InterruptedException e) {
        return new StoppedException("the work was interrupted", e);
    }

    private static StoppedException stopped() {
        return new StoppedException("the work was stopped and goes on later");
    }
}
