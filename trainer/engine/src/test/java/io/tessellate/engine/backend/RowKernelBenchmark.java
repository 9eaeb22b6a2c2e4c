package io.tessellate.engine.backend;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** The row kernels of one layer of the mini model: 1,024 tokens, 256 wide, 1,024 inside the feed-forward block. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class RowKernelBenchmark {
    private static final int TOKENS = 1024;
    private static final int HIDDEN = 256;
    private static final int INNER = 1024;

    private KernelMemory memory;
    private Backend backend;
    private Matrix hidden;
    private Matrix residual;
    private Matrix bias;
    private Norm norm;
    private NormState state;
    private Matrix inner;
    private Matrix activated;
    private Matrix innerBias;

    @Setup
    public void allocate() {
        memory = KernelMemory.forBenchmark();
        backend = memory.backend();
        hidden = memory.random(TOKENS, HIDDEN);
        residual = memory.random(TOKENS, HIDDEN);
        bias = memory.random(1, HIDDEN);
        norm = new Norm(memory.random(1, HIDDEN), memory.random(1, HIDDEN));
        state = new NormState(memory.random(TOKENS, HIDDEN), memory.random(TOKENS, 1));
        inner = memory.random(TOKENS, INNER);
        activated = memory.random(TOKENS, INNER);
        innerBias = memory.random(1, INNER);
    }

    @Benchmark
    public void biasAndResidual() {
        backend.rows().addBiasAndResidual(hidden, bias, residual);
    }

    @Benchmark
    public void columnSums() {
        backend.rows().addColumnSums(inner, innerBias);
    }

    @Benchmark
    public void gelu() {
        backend.activations().biasGelu(inner, innerBias, activated);
    }

    @Benchmark
    public void geluBackward() {
        backend.activations().geluBackward(inner, activated);
    }

    @Benchmark
    public void norm() {
        backend.norms().norm(hidden, norm, 1e-12f, state, residual);
    }

    @Benchmark
    public void normBackward() {
        backend.norms().normBackward(hidden, bias, state, norm);
    }

    @TearDown
    public void free() {
        memory.close();
    }
}
