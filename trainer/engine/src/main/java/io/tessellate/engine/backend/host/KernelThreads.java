package io.tessellate.engine.backend.host;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Threads that work off the blocks of one kernel together: the one that calls, and others that wait for the next kernel. Waking a
 * thread takes longer than many a kernel does, so who waits looks again for a while before it sleeps; for less and less long where
 * that was in vain, as beside other work.
 *
 * <p>Each begins with blocks of its own, always the same, so that what a core has worked on is still in its cache at the next
 * kernel; who is done takes from the others. Which thread works off a block shows in no result.
 */
final class KernelThreads {
    /** Nanoseconds that a thread looks for the next kernel at most: a few times what lies between two kernels of a pass. */
    private static final int LONGEST_WATCH = 50_000;

    private static final int SHORTEST_WATCH = 1_000;

    /** Looks between two at the clock. */
    private static final int LOOKS = 32;

    /** Nanoseconds without a kernel behind which a thread ends; the next kernel starts one again. */
    private static final long IDLE = 2_000_000_000L;

    private final Worker[] workers;
    private final ReentrantLock running = new ReentrantLock();
    private final Watch watch = new Watch();
    private volatile @Nullable Kernel current;
    private volatile boolean resting;

    KernelThreads(int threads) {
        workers = new Worker[threads - 1];
        for (int i = 0; i < workers.length; i++) {
            workers[i] = new Worker(i + 1);
        }
    }

    int count() {
        return workers.length + 1;
    }

    /** Whether a thread waits that need not be woken first. */
    boolean awake() {
        return workers.length > 0 && workers[0].state.get() == State.AWAKE;
    }

    /**
     * Works off all blocks, which must not depend on each other, and returns when they are done. Of several callers at a time one
     * has these threads; the others share those of all of Java's parallel streams.
     */
    void run(int blocks, IntConsumer block) {
        if (blocks == 1 || workers.length == 0) {
            IntStream.range(0, blocks).forEach(block);
        } else if (running.tryLock()) {
            try {
                runTogether(blocks, block);
            } finally {
                running.unlock();
            }
        } else {
            IntStream.range(0, blocks).parallel().forEach(block);
        }
    }

    /** Sends the threads to sleep, because threads of native code need their cores. */
    void rest() {
        resting = true;
    }

    private void runTogether(int blocks, IntConsumer block) {
        int members = Math.min(blocks, count());
        Kernel kernel = new Kernel(block, blocks, members);
        resting = false;
        current = kernel;
        for (int i = 0; i < members - 1; i++) {
            workers[i].wake();
        }
        kernel.work(0);
        kernel.awaitEnd(watch);
        current = null;
        kernel.rethrow();
    }

    /** How long a thread looks for something that it waits for. */
    private static final class Watch {
        private int nanos = LONGEST_WATCH;

        void inVain() {
            nanos = Math.max(SHORTEST_WATCH, nanos / 2);
        }

        void paid() {
            nanos = Math.min(LONGEST_WATCH, nanos * 2);
        }
    }

    /** Blocks that are worked off, and who does which. */
    private static final class Kernel {
        /** Places between two counters, so that each is in a cache line of its own. */
        private static final int APART = 32;

        private final IntConsumer block;
        private final int members;
        private final AtomicIntegerArray next;
        private final int[] ends;
        private final AtomicInteger left;
        private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        private volatile @Nullable Thread waiting;

        Kernel(IntConsumer block, int blocks, int members) {
            this.block = block;
            this.members = members;
            this.left = new AtomicInteger(blocks);
            this.next = new AtomicIntegerArray(members * APART);
            this.ends = new int[members];
            for (int m = 0; m < members; m++) {
                next.setPlain(m * APART, (int) ((long) blocks * m / members));
                ends[m] = (int) ((long) blocks * (m + 1) / members);
            }
        }

        /** Works off a member's blocks, then what is left of the others'. */
        void work(int member) {
            int done = 0;
            for (int m = 0; m < members; m++) {
                int whose = (member + m) % members;
                for (int b = next.getAndIncrement(whose * APART);
                        b < ends[whose];
                        b = next.getAndIncrement(whose * APART)) {
                    try {
                        block.accept(b);
                    } catch (Throwable e) {
                        failure.compareAndSet(null, e);
                    }
                    done++;
                }
            }
            if (done > 0 && left.addAndGet(-done) == 0) {
                LockSupport.unpark(waiting);
            }
        }

        void awaitEnd(Watch watch) {
            long began = System.nanoTime();
            while (left.get() > 0) {
                for (int i = 0; i < LOOKS && left.get() > 0; i++) {
                    Thread.onSpinWait();
                }
                if (left.get() > 0 && System.nanoTime() - began > watch.nanos) {
                    watch.inVain();
                    sleepToTheEnd();
                    return;
                }
            }
            watch.paid();
        }

        private void sleepToTheEnd() {
            waiting = Thread.currentThread();
            while (left.get() > 0) {
                LockSupport.park(this);
            }
        }

        /** What went wrong in a block, for who called. */
        void rethrow() {
            Throwable thrown = failure.get();
            if (thrown instanceof Error error) {
                throw error;
            }
            if (thrown != null) {
                throw (RuntimeException) thrown;
            }
        }
    }

    private enum State {
        /** Works or looks for a kernel. */
        AWAKE,
        ASLEEP,
        /** There is no thread. */
        ENDED
    }

    /** A place for a thread that helps, which is started when there is a kernel and ends when there is none for long. */
    private final class Worker implements Runnable {
        private final int member;
        private final Watch watch = new Watch();
        private final AtomicReference<State> state = new AtomicReference<>(State.ENDED);
        private volatile @Nullable Thread thread;
        private @Nullable Kernel last;

        Worker(int member) {
            this.member = member;
        }

        void wake() {
            if (change(State.ASLEEP, State.AWAKE)) {
                LockSupport.unpark(thread);
            } else if (change(State.ENDED, State.AWAKE)) {
                Thread started = new Thread(this, "kernel-" + member);
                started.setDaemon(true);
                thread = started;
                started.start();
            }
        }

        private boolean change(State from, State to) {
            return state.compareAndSet(from, to);
        }

        @Override
        public void run() {
            do {
                Kernel kernel = look();
                if (kernel != null) {
                    last = kernel;
                    if (member < kernel.members) {
                        kernel.work(member);
                    }
                }
            } while (state.get() == State.AWAKE || !ended());
        }

        private @Nullable Kernel fresh() {
            Kernel kernel = current;
            return kernel == last ? null : kernel;
        }

        /** The next kernel; if there is none for a while, nothing, and the thread counts as asleep. */
        private @Nullable Kernel look() {
            long began = System.nanoTime();
            do {
                for (int i = 0; i < LOOKS; i++) {
                    Kernel kernel = fresh();
                    if (kernel != null) {
                        watch.paid();
                        return kernel;
                    }
                    Thread.onSpinWait();
                }
            } while (!resting && System.nanoTime() - began < watch.nanos);
            if (!resting) {
                watch.inVain();
            }
            state.set(State.ASLEEP);
            // One that began in between found this thread awake.
            Kernel kernel = fresh();
            return kernel != null && change(State.ASLEEP, State.AWAKE) ? kernel : null;
        }

        /** Sleeps until it is woken, and then goes on; or for so long that the thread ends. */
        private boolean ended() {
            long began = System.nanoTime();
            while (state.get() == State.ASLEEP) {
                LockSupport.parkNanos(this, IDLE);
                if (System.nanoTime() - began >= IDLE && change(State.ASLEEP, State.ENDED)) {
                    return true;
                }
            }
            return false;
        }
    }
}
