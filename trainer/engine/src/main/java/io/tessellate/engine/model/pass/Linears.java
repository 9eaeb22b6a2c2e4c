package io.tessellate.engine.model.pass;

import static io.tessellate.engine.backend.Product.AB;
import static io.tessellate.engine.backend.Product.ABT;
import static io.tessellate.engine.backend.Product.ATB;

import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.backend.Matrix;
import io.tessellate.engine.backend.Product;
import io.tessellate.engine.backend.Products.Operand;
import io.tessellate.engine.model.config.Architecture;
import io.tessellate.engine.model.weights.TransformerParts.Linear;

/** Linear layers y = x W' + b, whose weights lie as [outputs, inputs] or as [inputs, outputs]. */
record Linears(Backend backend, Architecture.Storage storage) {
    private boolean transposed() {
        return storage.transposed();
    }

    /** y = x W', without the bias. */
    void apply(Matrix x, Matrix weight, Matrix y) {
        backend.products().multiplyBy(forward(), x, weight, y);
    }

    /** y += x W', without the bias. */
    void add(Matrix x, Matrix weight, Matrix y) {
        backend.products().multiplyBy(forward().accumulating(), x, weight, y);
    }

    private Product forward() {
        return transposed() ? AB : ABT;
    }

    /** The gradient of y, which the gradients of x and W both are products of. */
    Operand read(Matrix dy) {
        return backend.products().operand(dy);
    }

    /** dx = dy W'^T. */
    void input(Operand dy, Matrix weight, Matrix dx) {
        backend.products().multiplyBy(backward(), dy.read(), weight, dx);
    }

    /** dx += dy W'^T. */
    void addInput(Operand dy, Matrix weight, Matrix dx) {
        backend.products().multiplyBy(backward().accumulating(), dy.read(), weight, dx);
    }

    private Product backward() {
        return transposed() ? ABT : AB;
    }

    /** Adds the gradient of the weight and that of the bias, the column sums of dy, where they are wanted. */
    void parameters(Operand dy, Matrix x, Linear<Matrix> gradient, Linear<Boolean> wanted) {
        if (wanted.weight()) {
            Matrix a = transposed() ? x : dy.read();
            Matrix b = transposed() ? dy.read() : x;
            backend.products().multiply(ATB.accumulating(), a, b, gradient.weight());
        }
        if (wanted.bias() != null && wanted.bias() && gradient.bias() != null) {
            backend.rows().addColumnSums(dy.exact(), gradient.bias());
        }
    }
}
