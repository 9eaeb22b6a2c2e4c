package io.tessellate.engine.backend;

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

/** The products of a linear layer of the mini model over 1,024 tokens, in the forms of both passes. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ProductBenchmark {
    private static final int TOKENS = 1024;

    @Param({"256x256", "256x768", "256x1024", "1024x256"})
    String layer;

    private KernelMemory memory;
    private Products products;
    private Matrix input;
    private Matrix weight;
    private Matrix output;

    @Setup
    public void allocate() {
        memory = KernelMemory.forBenchmark();
        products = memory.backend().products();
        int inputs = Integer.parseInt(layer.split("x")[0]);
        int outputs = Integer.parseInt(layer.split("x")[1]);
        input = memory.random(TOKENS, inputs);
        weight = memory.random(outputs, inputs);
        output = memory.random(TOKENS, outputs);
    }

    @Benchmark
    public void forward() {
        products.multiply(Product.ABT, input, weight, output);
    }

    @Benchmark
    public void inputGradient() {
        products.multiply(Product.AB, output, weight, input);
    }

    @Benchmark
    public void weightGradient() {
        products.multiply(Product.ATB, output, input, weight);
    }

    @TearDown
    public void free() {
        memory.close();
    }
}
