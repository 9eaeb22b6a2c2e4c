package io.tessellate.engine.backend;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Attention of one layer of the mini model, forward and back, at several lengths; 1,024 tokens each. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class AttentionBenchmark {
    private static final int TOKENS = 1024;
    private static final int HEADS = 4;
    private static final int WIDTH = 64;

    @Param({"64", "128", "256"})
    int length;

    private KernelMemory memory;
    private AttentionKernels kernels;
    private int[] lengths;
    private Attention attention;
    private Attention gradients;

    @Setup
    public void allocate() {
        memory = KernelMemory.forBenchmark();
        kernels = memory.backend().attention();
        HeadShape shape = new HeadShape(TOKENS / length, length, HEADS, WIDTH);
        lengths = new int[shape.batch()];
        Arrays.fill(lengths, length);
        attention = matrices(shape);
        gradients = matrices(shape);
    }

    private Attention matrices(HeadShape shape) {
        return kernels.attention(
                shape,
                memory.random(shape.tokens(), shape.projectionColumns()),
                memory.random(shape.scoreRows(), length),
                memory.random(shape.tokens(), shape.contextColumns()));
    }

    @Benchmark
    public void forward() {
        kernels.attend(attention, lengths, ProbabilityDropout.NONE);
    }

    @Benchmark
    public void forwardAndBackward() {
        kernels.attend(attention, lengths, ProbabilityDropout.NONE);
        kernels.attendBackward(attention, lengths, ProbabilityDropout.NONE, gradients);
    }

    @TearDown
    public void free() {
        memory.close();
    }
}
