package io.tessellate.engine.precision;

import io.tessellate.engine.backend.ActivationKernels;
import io.tessellate.engine.backend.AttentionKernels;
import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.backend.Matrix;
import io.tessellate.engine.backend.Memory;
import io.tessellate.engine.backend.NormKernels;
import io.tessellate.engine.backend.Product;
import io.tessellate.engine.backend.Products;
import io.tessellate.engine.backend.RowKernels;
import java.util.Map;
import java.util.TreeMap;

/** A backend all of whose products are of numbers rounded to bf16. */
record MixedBackend(Backend backend) implements Backend {
    @Override
    public String name() {
        return backend.name();
    }

    @Override
    public String description() {
        return "%s, products of bf16: %s"
                .formatted(backend.description(), backend.products().rounding().how());
    }

    /** That of the backend, and how products are computed: the last bits depend on it. */
    @Override
    public Map<String, String> environment() {
        Map<String, String> facts = new TreeMap<>(backend.environment());
        facts.put("bf16", backend.products().rounding().how());
        return facts;
    }

    @Override
    public Memory memory() {
        return backend.memory();
    }

    @Override
    public Products products() {
        return new Rounded(backend.products());
    }

    @Override
    public RowKernels rows() {
        return backend.rows();
    }

    @Override
    public ActivationKernels activations() {
        return backend.activations();
    }

    @Override
    public NormKernels norms() {
        return backend.norms();
    }

    @Override
    public AttentionKernels attention() {
        return backend.attention();
    }

    private record Rounded(Products products) implements Products {
        @Override
        public void multiply(Product product, Matrix a, Matrix b, Matrix c) {
            products.multiplyRounded(product, a, b, c);
        }

        @Override
        public Matrix weight(Matrix weight) {
            return weight.narrow();
        }

        @Override
        public void multiplyRounded(Product product, Matrix a, Matrix b, Matrix c) {
            products.multiplyRounded(product, a, b, c);
        }

        @Override
        public Operand operand(Matrix matrix) {
            return products.roundedOperand(matrix);
        }

        @Override
        public Operand roundedOperand(Matrix matrix) {
            return products.roundedOperand(matrix);
        }

        @Override
        public Rounding rounding() {
            return products.rounding();
        }
    }
}
