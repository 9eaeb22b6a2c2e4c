package io.tessellate.pipeline.broker;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Runs in a child process and ends it when its parent has gone, however that ended: the child's standard input is a pipe
 * that the parent holds open, and the system closes it with the parent. It is loaded as a Java agent, so that the child's
 * own program stays as it is, and for that reason it needs no other class of ours.
 */
public final class ParentWatch {
    private static final long ORDERLY_SECONDS = 10;
    private static final int STATUS = 1;

    private ParentWatch() {}

    /** Called by the child's JVM before its program starts. */
    public static void premain(String arguments) {
        start(ParentWatch::awaitParentsEnd, "parent-watch");
    }

    private static void awaitParentsEnd() {
        try {
            while (System.in.read() >= 0) {
                // Nothing is ever sent.
            }
        } catch (IOException e) {
            // A broken pipe says the same as its end.
        }
        start(ParentWatch::cutShort, "parent-watch-limit");
        System.exit(STATUS);
    }

    /** An orderly end that hangs is no end. */
    private static void cutShort() {
        LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(ORDERLY_SECONDS));
        Runtime.getRuntime().halt(STATUS);
    }

    private static void start(Runnable work, String name) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }
}
