package io.tessellate.engine.backend.host;

import io.tessellate.engine.backend.ActivationKernels;
import io.tessellate.engine.backend.AttentionKernels;
import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.backend.Backends;
import io.tessellate.engine.backend.Memory;
import io.tessellate.engine.backend.NormKernels;
import io.tessellate.engine.backend.Products;
import io.tessellate.engine.backend.RowKernels;
import io.tessellate.engine.backend.nd4j.InstructionSet;
import io.tessellate.engine.backend.nd4j.Nd4jMemory;
import io.tessellate.engine.backend.nd4j.Nd4jRuntime;
import java.util.Map;
import java.util.TreeMap;

/**
 * Matrix products by native libraries on the CPU, everything row-wise as Java loops over blocks copied to the heap. Several
 * times faster than ND4J's own operations for gelu, softmax and normalisation.
 */
record HostBackend(
        Memory memory,
        Products products,
        RowKernels rows,
        ActivationKernels activations,
        NormKernels norms,
        AttentionKernels attention)
        implements Backend {

    static HostBackend open(RowRunner runner) {
        NativeRows.useCallingThreadOnly();
        Memory memory = new Nd4jMemory(HostVector::new, HostRoundedVector::new);
        return new HostBackend(
                memory,
                new HostProducts(memory, runner, InstructionSet.ofProcessor()),
                new HostRows(runner),
                new HostActivations(runner),
                new HostNorms(runner),
                new HostAttention(runner));
    }

    @Override
    public String name() {
        return Backends.HOST;
    }

    /** That of ND4J, whose products are divided otherwise where there are several threads. */
    @Override
    public Map<String, String> environment() {
        Map<String, String> facts = new TreeMap<>(Nd4jRuntime.environment());
        facts.computeIfPresent("threads", (fact, number) -> number.equals("1") ? number : number + ", by rows");
        return facts;
    }

    @Override
    public String description() {
        return "matrix products by ND4J (%s), row kernels in Java".formatted(Nd4jRuntime.describe());
    }
}
