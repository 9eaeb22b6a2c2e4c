package io.tessellate.engine.model.config;

import io.tessellate.engine.backend.ActivationKernels.Gate;
import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.backend.Matrix;
import org.jspecify.annotations.Nullable;

/** The function between the two halves of a feed-forward block. */
public enum Activation {
    /** x Phi(x), exactly. */
    GELU {
        @Override
        public void forward(Backend backend, Matrix inner, @Nullable Matrix bias, Matrix activated) {
            if (bias == null) {
                throw new IllegalArgumentException("the exact GELU needs a bias before it");
            }
            backend.activations().biasGelu(inner, bias, activated);
        }

        @Override
        public void backward(Backend backend, Matrix inner, Matrix gradient, Matrix innerGradient) {
            backend.activations().geluBackward(inner, gradient);
        }
    },
    /** The same by a tanh. */
    TANH_GELU {
        @Override
        public void forward(Backend backend, Matrix inner, @Nullable Matrix bias, Matrix activated) {
            add(backend, inner, bias);
            backend.activations().tanhGelu(inner, activated);
        }

        @Override
        public void backward(Backend backend, Matrix inner, Matrix gradient, Matrix innerGradient) {
            backend.activations().tanhGeluBackward(inner, gradient);
        }
    },
    /** max(x, 0). */
    RELU {
        @Override
        public void forward(Backend backend, Matrix inner, @Nullable Matrix bias, Matrix activated) {
            add(backend, inner, bias);
            backend.activations().relu(inner, activated);
        }

        @Override
        public void backward(Backend backend, Matrix inner, Matrix gradient, Matrix innerGradient) {
            backend.activations().reluBackward(inner, gradient);
        }
    },
    /** g sigmoid(g) u of two linear layers g and u of the same input. */
    SILU_GATE {
        @Override
        public void forward(Backend backend, Matrix inner, @Nullable Matrix bias, Matrix activated) {
            add(backend, inner, bias);
            backend.activations().gate(Gate.SILU, inner, activated);
        }

        @Override
        public void backward(Backend backend, Matrix inner, Matrix gradient, Matrix innerGradient) {
            backend.activations().gateBackward(Gate.SILU, inner, gradient, innerGradient);
        }
    },
    /** g Phi(g) u, exactly. */
    GELU_GATE {
        @Override
        public void forward(Backend backend, Matrix inner, @Nullable Matrix bias, Matrix activated) {
            add(backend, inner, bias);
            backend.activations().gate(Gate.GELU, inner, activated);
        }

        @Override
        public void backward(Backend backend, Matrix inner, Matrix gradient, Matrix innerGradient) {
            backend.activations().gateBackward(Gate.GELU, inner, gradient, innerGradient);
        }
    },
    /** The same by a tanh. */
    TANH_GELU_GATE {
        @Override
        public void forward(Backend backend, Matrix inner, @Nullable Matrix bias, Matrix activated) {
            add(backend, inner, bias);
            backend.activations().gate(Gate.TANH_GELU, inner, activated);
        }

        @Override
        public void backward(Backend backend, Matrix inner, Matrix gradient, Matrix innerGradient) {
            backend.activations().gateBackward(Gate.TANH_GELU, inner, gradient, innerGradient);
        }
    };

    /** Whether two linear layers of the same input meet in it. */
    public boolean gated() {
        return this == SILU_GATE || this == GELU_GATE || this == TANH_GELU_GATE;
    }

    /** Adds the bias, then fills {@code activated}. */
    public abstract void forward(Backend backend, Matrix inner, @Nullable Matrix bias, Matrix activated);

    /**
     * From the gradient of what came out to that of what went in: in place where the two have the same width, else from
     * the one matrix to the other.
     */
    public abstract void backward(Backend backend, Matrix inner, Matrix gradient, Matrix innerGradient);

    private static void add(Backend backend, Matrix inner, @Nullable Matrix bias) {
        if (bias != null) {
            backend.rows().addBias(inner, bias);
        }
    }
}
