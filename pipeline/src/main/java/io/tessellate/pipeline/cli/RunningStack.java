package io.tessellate.pipeline.cli;

import io.tessellate.pipeline.stack.Member;
import io.tessellate.pipeline.stack.Stack;
import io.tessellate.pipeline.stack.StackSettings;
import io.tessellate.runtime.lifecycle.Shutdown;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A stack that is stopped when the process is asked to end; a stop that hangs is cut short. */
final class RunningStack implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RunningStack.class);
    private static final int STOP_LIMIT_SECONDS = 60;
    private static final int STATUS_OF_A_STOP_THAT_HANGS = 1;

    private final Stack stack;
    private final Shutdown shutdown;

    private RunningStack(Stack stack, Consumer<String> say) {
        this.stack = stack;
        this.shutdown = Shutdown.hook(() -> {
            limit();
            stack.failure().ifPresent(why -> say.accept("stopping, because of the " + why));
            stack.close();
        });
    }

    /**
     * Starts a stack.
     *
     * @param log sets up the log, once the data directory is ours
     */
    static RunningStack start(StackSettings settings, Set<Member> members, Runnable log, Consumer<String> stages) {
        RunningStack running = new RunningStack(new Stack(settings, members, stages), stages);
        try {
            log.run();
            running.stack.start();
            return running;
        } catch (RuntimeException e) {
            running.close();
            throw e;
        }
    }

    Stack stack() {
        return stack;
    }

    void awaitEnd() throws InterruptedException {
        shutdown.await();
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
