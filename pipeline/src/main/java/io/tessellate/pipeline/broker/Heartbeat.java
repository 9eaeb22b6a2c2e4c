package io.tessellate.pipeline.broker;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks something that lives, over and over, whether it still answers; a process that hangs does not. Only several answers missing in a
 * row over some time say so, since a machine with too much to do answers late and one that slept did not even ask.
 */
final class Heartbeat implements AutoCloseable {
    private static final int FEWEST_MISSES = 4;

    private final BooleanSupplier answers;
    private final Duration patience;
    private final Clock clock;
    private int misses;
    private @Nullable Instant firstMiss;
    private volatile @Nullable Duration silent;
    private @Nullable Thread thread;

    /**
     * A heartbeat that is not taken yet.
     *
     * @param answers asks once
     * @param patience how long no answer may come
     */
    Heartbeat(BooleanSupplier answers, Duration patience, Clock clock) {
        this.answers = answers;
        this.patience = patience;
        this.clock = clock;
    }

    /** Begins to ask, so often that the patience holds more questions than must be missed. */
    synchronized void start(String name) {
        long pause = patience.dividedBy(2L * FEWEST_MISSES).toMillis();
        Thread asking = new Thread(() -> ask(pause), name + " pulse");
        asking.setDaemon(true);
        asking.start();
        thread = asking;
    }

    private void ask(long pause) {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                TimeUnit.MILLISECONDS.sleep(pause);
                beat();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Asks once. */
    void beat() {
        if (answers.getAsBoolean()) {
            misses = 0;
            firstMiss = null;
            silent = null;
            return;
        }
        misses++;
        Instant now = clock.instant();
        if (firstMiss == null) {
            firstMiss = now;
        }
        Duration since = Duration.between(firstMiss, now);
        silent = misses >= FEWEST_MISSES && since.compareTo(patience) >= 0 ? since : null;
    }

    /** For how long no answer has come, once that is too long. */
    Optional<Duration> silent() {
        return Optional.ofNullable(silent);
    }

    @Override
    public synchronized void close() {
        if (thread != null) {
            thread.interrupt();
            thread = null;
        }
    }
}
