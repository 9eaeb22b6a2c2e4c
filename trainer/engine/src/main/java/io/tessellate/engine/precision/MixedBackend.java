package io.tessellate.engine.precision;

import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.backend.Matrix;
import io.tessellate.engine.backend.Product;
import io.tessellate.engine.backend.Products;
import io.tessellate.engine.backend.forwarding.ForwardingBackend;
import io.tessellate.engine.backend.forwarding.ForwardingProducts;
import java.util.Map;
import java.util.TreeMap;

/** A backend all of whose products are of numbers rounded to bf16. */
record MixedBackend(Backend backend) implements ForwardingBackend {
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
    public Products products() {
        return new Rounded(backend.products());
    }

    private record Rounded(Products products) implements ForwardingProducts {
        @Override
        public void multiply(Product product, Matrix a, Matrix b, Matrix c) {
            products.multiplyRounded(product, a, b, c);
        }

        @Override
        public Matrix weight(Matrix weight) {
            return weight.narrow();
        }

        @Override
        public Operand operand(Matrix matrix) {
            return products.roundedOperand(matrix);
        }
    }
}
