package io.tessellate.pipeline.broker;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.common.utils.Exit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What happens when the broker's fault handlers give up. Left alone they halt the JVM at once, which here is the whole
 * product; instead the reason is logged and the process ends in its ordinary way, shutdown hook included.
 */
final class FatalExit {
    private static final Logger LOG = LoggerFactory.getLogger(FatalExit.class);
    private static final AtomicBoolean HAPPENED = new AtomicBoolean();

    private FatalExit() {}

    static void install() {
        Exit.setExitProcedure(FatalExit::end);
        Exit.setHaltProcedure(FatalExit::end);
    }

    static boolean happened() {
        return HAPPENED.get();
    }

    /** Never returns, as the callers expect. */
    private static void end(int status, String message) {
        LOG.error("the embedded broker gave up with status {}: {}", status, message, new IllegalStateException("here"));
        if (HAPPENED.compareAndSet(false, true)) {
            Thread exit = new Thread(() -> System.exit(status == 0 ? 1 : status), "fatal-exit");
            exit.start();
        }
        while (true) {
            LockSupport.park();
        }
    }
}
