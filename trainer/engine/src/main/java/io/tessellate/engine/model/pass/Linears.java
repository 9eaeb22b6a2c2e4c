package io.tessellate.engine.model.pass;

import static io.tessellate.engine.backend.Product.AB;
import static io.tessellate.engine.backend.Product.ABT;
import static io.tessellate.engine.backend.Product.ATB;

import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.backend.Matrix;
import io.tessellate.engine.backend.Product;
import io.tessellate.engine.model.config.Architecture;
import io.tessellate.engine.model.weights.TransformerParts.Linear;
import org.jspecify.annotations.Nullable;

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

    /** dx = dy W'^T. */
    void input(Matrix dy, Matrix weight, Matrix dx) {
        backend.products().multiplyBy(backward(), dy, weight, dx);
    }

    /** dx += dy W'^T. */
    void addInput(Matrix dy, Matrix weight, Matrix dx) {
        backend.products().multiplyBy(backward().accumulating(), dy, weight, dx);
    }

    private Product backward() {
        return transposed() ? ABT : AB;
    }

    /** The same for parts of which some are wanted. */
    void parameters(Matrix dy, Matrix x, Linear<Matrix> gradient, Linear<Boolean> wanted) {
        Boolean biased = wanted.bias();
        parameters(
                dy, x, wanted.weight() ? gradient.weight() : null, biased != null && biased ? gradient.bias() : null);
    }

    /** Adds the gradient of the weight and that of the bias, the column sums of dy, where they are wanted. */
    void parameters(Matrix dy, Matrix x, @Nullable Matrix weight, @Nullable Matrix bias) {
        if (weight != null) {
            backend.products().multiply(ATB.accumulating(), transposed() ? x : dy, transposed() ? dy : x, weight);
        }
        if (bias != null) {
            backend.rows().addColumnSums(dy, bias);
        }
    }
}
