package io.tessellate.runtime.lifecycle;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Runs one piece of work when the process is asked to end (SIGTERM, Ctrl-C), and lets the main thread wait for it. */
public final class Shutdown {
    private final CountDownLatch done = new CountDownLatch(1);
    private final Runnable work;
    private final Thread hook;

    private Shutdown(Runnable work) {
        this.work = work;
        this.hook = new Thread(this::run, "shutdown");
    }

    /** Arranges that the process's end runs this work, once. */
    public static Shutdown hook(Runnable work) {
        Shutdown shutdown = new Shutdown(work);
        Runtime.getRuntime().addShutdownHook(shutdown.hook);
        return shutdown;
    }

    /** Waits for some time until the process has been asked to end and the work is done; says whether that is so. */
    public boolean await(Duration limit) throws InterruptedException {
        return done.await(limit.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Does the work now and takes the hook away, for a process that ends by itself. */
    public void now() {
        if (hookIsTakenAway()) {
            run();
        }
    }

    /** False where the process is ending already: then the hook does the work. */
    private boolean hookIsTakenAway() {
        try {
            return Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException alreadyEnding) {
            return false;
        }
    }

    private void run() {
        try {
            work.run();
        } finally {
            done.countDown();
        }
    }
}
