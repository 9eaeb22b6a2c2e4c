package io.tessellate.engine.backend.forwarding;

import io.tessellate.engine.backend.Matrix;
import io.tessellate.engine.backend.Product;
import io.tessellate.engine.backend.Products;

/**
 * Products that are another backend's but for what they override. {@link #multiplyBy} stays what it is by default, {@link #multiply} by
 * {@link #weight}, so that who overrides one of these need not override it as well.
 */
public interface ForwardingProducts extends Products {
    /** The other's. */
    Products products();

    @Override
    default void multiply(Product product, Matrix a, Matrix b, Matrix c) {
        products().multiply(product, a, b, c);
    }

    @Override
    default void multiplyRounded(Product product, Matrix a, Matrix b, Matrix c) {
        products().multiplyRounded(product, a, b, c);
    }

    @Override
    default Matrix weight(Matrix weight) {
        return products().weight(weight);
    }

    @Override
    default Operand operand(Matrix matrix) {
        return products().operand(matrix);
    }

    @Override
    default Operand roundedOperand(Matrix matrix) {
        return products().roundedOperand(matrix);
    }

    @Override
    default Rounding rounding() {
        return products().rounding();
    }
}
