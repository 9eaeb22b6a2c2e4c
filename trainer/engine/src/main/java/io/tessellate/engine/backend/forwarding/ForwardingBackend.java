package io.tessellate.engine.backend.forwarding;

import io.tessellate.engine.backend.ActivationKernels;
import io.tessellate.engine.backend.AttentionKernels;
import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.backend.Memory;
import io.tessellate.engine.backend.NormKernels;
import io.tessellate.engine.backend.Products;
import io.tessellate.engine.backend.RowKernels;
import java.util.Map;

/** A backend that is another one but for what it overrides. */
public interface ForwardingBackend extends Backend {
    /** The other one. */
    Backend backend();

    @Override
    default String name() {
        return backend().name();
    }

    @Override
    default String description() {
        return backend().description();
    }

    @Override
    default Map<String, String> environment() {
        return backend().environment();
    }

    @Override
    default Memory memory() {
        return backend().memory();
    }

    @Override
    default Products products() {
        return backend().products();
    }

    @Override
    default RowKernels rows() {
        return backend().rows();
    }

    @Override
    default ActivationKernels activations() {
        return backend().activations();
    }

    @Override
    default NormKernels norms() {
        return backend().norms();
    }

    @Override
    default AttentionKernels attention() {
        return backend().attention();
    }
}
