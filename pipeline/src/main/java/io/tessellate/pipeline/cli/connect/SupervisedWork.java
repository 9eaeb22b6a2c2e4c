package io.tessellate.pipeline.cli.connect;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does a command's work in a thread of its own and leaves it alone as soon as what it works with has gone or its time is
 * over: whatever the work waits for, and however it waits, the command ends.
 */
public final class SupervisedWork {
    private static final Duration LOOK_EVERY = Duration.ofMillis(200);
    /** For the work to let go of what it holds. */
    private static final Duration FAREWELL = Duration.ofSeconds(2);

    private final StackWatch watch;
    private final @Nullable Duration limit;
    private final Supplier<String> doing;

    /**
     * What ends the work.
     *
     * @param limit how long it may take; null: as long as it likes
     * @param doing what is going on, for a limit that was reached
     */
    public SupervisedWork(StackWatch watch, @Nullable Duration limit, Supplier<String> doing) {
        this.watch = watch;
        this.limit = limit;
        this.doing = doing;
    }

    /**
     * Returns when the work is done.
     *
     * @throws TessellateException TIMEOUT when its time is over, else what the work or the watch says
     */
    public void run(Runnable work) {
        FutureTask<@Nullable Void> task = new FutureTask<>(work, null);
        Thread thread = new Thread(task, "command");
        thread.setDaemon(true);
        thread.start();
        long begin = System.nanoTime();
        while (!done(task, LOOK_EVERY)) {
            Optional<TessellateException> end = watch.broken().or(() -> overdue(begin));
            if (end.isPresent()) {
                task.cancel(true);
                join(thread);
                throw end.get();
            }
        }
    }

    private Optional<TessellateException> overdue(long begin) {
        if (limit == null || System.nanoTime() - begin < limit.toNanos()) {
            return Optional.empty();
        }
        String what = doing.get();
        return Optional.of(new TessellateException(
                ErrorCode.TIMEOUT,
                "not done within the %s of --timeout%s".formatted(text(limit), what.isEmpty() ? "" : ": " + what)));
    }

    private static String text(Duration limit) {
        return limit.toMillis() % 1000 == 0 ? limit.toSeconds() + " s" : limit.toMillis() + " ms";
    }

    /** Whether the work is done; what it threw is thrown again. */
    private static boolean done(FutureTask<?> task, Duration patience) {
        try {
            task.get(patience.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException known) {
                throw known;
            }
            if (e.getCause() instanceof Error fatal) {
                throw fatal;
            }
            throw new TessellateException(ErrorCode.DEFECT, "the command failed: " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            task.cancel(true);
            throw new TessellateException(ErrorCode.INTERRUPTED, "the command was interrupted", e);
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join(FAREWELL.toMillis());
            if (thread.isAlive()) {
                log().warn("the command's work is left where it hangs");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Only when something is logged: setting up the log is slower than a question to a running stack. */
    private static Logger log() {
        return LoggerFactory.getLogger(SupervisedWork.class);
    }
}
