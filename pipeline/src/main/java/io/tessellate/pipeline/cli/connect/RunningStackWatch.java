package io.tessellate.pipeline.cli.connect;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.pipeline.reach.Reachability;
import io.tessellate.runtime.config.KafkaSettings;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Looks after the process of a stack, where there is one to look at, and after the broker. A broker that is away for a
 * moment, as while it is restarted, is waited for.
 */
final class RunningStackWatch implements StackWatch {
    private static final Duration PATIENCE = Duration.ofSeconds(4);
    /** One that is busy may miss a question. */
    private static final int MOST_MISSES = 3;

    private static final long ASK_EVERY_MILLIS = 1000;

    private final BooleanSupplier alive;
    private final String ended;
    private final Supplier<Optional<String>> brokerGone;
    private final String afterwards;
    private final Clock clock;
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(RunningStackWatch::thread);
    private volatile @Nullable Instant goneSince;
    private volatile int misses;
    private volatile String why = "";

    /**
     * A watch that is not looked at yet.
     *
     * @param alive whether the stack's process runs
     * @param ended what to say when it does not
     * @param brokerGone why the broker cannot be reached, if it cannot
     * @param afterwards what to do once it can be reached again
     */
    RunningStackWatch(
            BooleanSupplier alive,
            String ended,
            Supplier<Optional<String>> brokerGone,
            String afterwards,
            Clock clock) {
        this.alive = alive;
        this.ended = ended;
        this.brokerGone = brokerGone;
        this.afterwards = afterwards;
        this.clock = clock;
    }

    /** The watch of a command that works with a broker; looked at from now on. */
    static RunningStackWatch watch(BooleanSupplier alive, String ended, KafkaSettings kafka, String afterwards) {
        RunningStackWatch line = new RunningStackWatch(
                alive, ended, () -> Reachability.brokerGone(kafka), afterwards, Clock.systemUTC());
        line.timer.scheduleWithFixedDelay(line::look, ASK_EVERY_MILLIS, ASK_EVERY_MILLIS, TimeUnit.MILLISECONDS);
        return line;
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "lifeline");
        thread.setDaemon(true);
        return thread;
    }

    /** Asks the broker once. */
    void look() {
        Instant asked = clock.instant();
        Optional<String> gone = brokerGone.get();
        why = gone.orElse("");
        if (gone.isEmpty()) {
            goneSince = null;
            misses = 0;
        } else {
            goneSince = goneSince == null ? asked : goneSince;
            misses = Math.min(misses + 1, MOST_MISSES);
        }
    }

    @Override
    public Optional<TessellateException> broken() {
        if (!alive.getAsBoolean()) {
            return Optional.of(new TessellateException(ErrorCode.UNAVAILABLE_DEPENDENCY, ended));
        }
        Instant since = goneSince;
        if (since != null && misses == MOST_MISSES && !clock.instant().isBefore(since.plus(PATIENCE))) {
            return Optional.of(
                    new TessellateException(ErrorCode.UNAVAILABLE_DEPENDENCY, "%s; %s".formatted(why, afterwards)));
        }
        return Optional.empty();
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
