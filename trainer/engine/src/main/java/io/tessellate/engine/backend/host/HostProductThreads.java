package io.tessellate.engine.backend.host;

import io.tessellate.engine.backend.nd4j.ProductThreads;
import java.util.function.IntConsumer;
import java.util.function.IntFunction;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOps;
import org.nd4j.nativeblas.NativeOpsHolder;

/**
 * Divides products between the threads of the row kernels. Those of OpenMP, to which native code would hand them, sleep between two
 * products and have to be woken for each.
 */
final class HostProductThreads implements ProductThreads {
    /** Rows of a part at least: native code computes fewer in other ways, whose last bits differ. */
    static final int LEAST_ROWS = 128;

    /** Multiplications below which waking a thread does not pay. */
    private static final long CHEAP = 1 << 21;

    private final KernelThreads threads;
    private final NativeOps operations;
    private final int nativeThreads;
    private final int most;

    /** As many as ND4J would take, which are fewer than those of row kernels where two of them share a core. */
    HostProductThreads(KernelThreads threads) {
        this(threads, Nd4j.getEnvironment().maxMasterThreads());
    }

    /** At most so many. */
    HostProductThreads(KernelThreads threads, int most) {
        this.threads = threads;
        this.operations = NativeOpsHolder.getInstance().getDeviceNativeOps();
        this.nativeThreads = Nd4j.getEnvironment().maxMasterThreads();
        this.most = most;
    }

    @Override
    public void divide(int rows, long cost, IntFunction<IntConsumer> work) {
        int parts = Math.min(Math.min(threads.count(), most), rows / LEAST_ROWS);
        if (cost < CHEAP || most == 1) {
            IntConsumer all = work.apply(1);
            onThisThread(() -> all.accept(0));
        } else if (parts < 2) {
            IntConsumer all = work.apply(1);
            whole(() -> all.accept(0));
        } else {
            IntConsumer one = work.apply(parts);
            threads.run(parts, part -> onThisThread(() -> one.accept(part)));
        }
    }

    @Override
    public void whole(Runnable work) {
        threads.rest();
        work.run();
    }

    /** Keeps native code from dividing what it is called for by this thread. */
    private void onThisThread(Runnable work) {
        operations.setOmpNumThreads(1);
        try {
            work.run();
        } finally {
            operations.setOmpNumThreads(nativeThreads);
        }
    }
}
