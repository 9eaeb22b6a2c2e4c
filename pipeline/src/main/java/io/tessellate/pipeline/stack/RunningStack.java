package io.tessellate.pipeline.stack;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.runtime.lifecycle.Shutdown;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A stack that is stopped when the process is asked to end; a stop that hangs is cut short. */
public final class RunningStack implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RunningStack.class);
    private static final int STOP_LIMIT_SECONDS = 60;
    private static final Duration LOOK_EVERY = Duration.ofMillis(500);
    private static final int STATUS_OF_A_STOP_THAT_HANGS = 1;

    private final Stack stack;
    private final Shutdown shutdown;
    /** Whether people know already why it ends. */
    private final AtomicBoolean told = new AtomicBoolean();

    private RunningStack(Stack stack, Consumer<String> say) {
        this.stack = stack;
        this.shutdown = Shutdown.hook(() -> {
            limit();
            stack.failure()
                    .filter(why -> told.compareAndSet(false, true))
                    .ifPresent(why -> say.accept("stopping: " + why));
            stack.close();
        });
    }

    /**
     * Starts a stack.
     *
     * @param log sets up the log, once the data directory is ours
     */
    public static RunningStack start(
            StackSettings settings, Set<Member> members, Runnable log, Consumer<String> stages) {
        RunningStack running = new RunningStack(new Stack(settings, members, stages), stages);
        try {
            log.run();
            SecondInterrupt.endsAtOnce(stages);
            running.stack.start();
            return running;
        } catch (RuntimeException e) {
            running.close();
            throw e;
        }
    }

    public Stack stack() {
        return stack;
    }

    /**
     * Returns once the process was asked to end.
     *
     * @throws TessellateException NOT_READY as soon as the stack is beyond help
     */
    public void awaitEnd() throws InterruptedException {
        while (!shutdown.await(LOOK_EVERY)) {
            stack.failure().ifPresent(why -> {
                told.set(true);
                throw new TessellateException(ErrorCode.NOT_READY, "the stack cannot go on: " + why);
            });
        }
    }

    private static void limit() {
        Thread watch = new Thread(
                () -> {
                    try {
                        TimeUnit.SECONDS.sleep(STOP_LIMIT_SECONDS);
                        LOG.error("did not stop within {} s", STOP_LIMIT_SECONDS);
                        Runtime.getRuntime().halt(STATUS_OF_A_STOP_THAT_HANGS);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                "stop-limit");
        watch.setDaemon(true);
        watch.start();
    }

    @Override
    public void close() {
        shutdown.now();
    }
}
