package io.tessellate.engine.backend.nd4j;

import io.tessellate.engine.backend.ActivationKernels;
import io.tessellate.engine.backend.AttentionKernels;
import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.backend.Backends;
import io.tessellate.engine.backend.Memory;
import io.tessellate.engine.backend.NormKernels;
import io.tessellate.engine.backend.Products;
import io.tessellate.engine.backend.RowKernels;
import java.util.Map;

/** ND4J operations only, so that it runs wherever ND4J does. */
record Nd4jBackend(
        Memory memory,
        Products products,
        RowKernels rows,
        ActivationKernels activations,
        NormKernels norms,
        AttentionKernels attention)
        implements Backend {

    static Nd4jBackend open() {
        Memory memory = new Nd4jMemory(Nd4jVector::new, Nd4jVector::new);
        return new Nd4jBackend(
                memory,
                new Nd4jProducts(memory, Nd4jRuntime.hasBrainFloats(), ProductThreads.NATIVE),
                new Nd4jRows(),
                new Nd4jActivations(),
                new Nd4jNorms(),
                new Nd4jAttentionKernels());
    }

    @Override
    public String name() {
        return Backends.ND4J;
    }

    @Override
    public Map<String, String> environment() {
        return Nd4jRuntime.environment();
    }

    @Override
    public String description() {
        return "ND4J operations only (%s)".formatted(Nd4jRuntime.describe());
    }
}
