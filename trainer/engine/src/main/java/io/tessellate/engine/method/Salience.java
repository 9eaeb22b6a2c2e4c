package io.tessellate.engine.method;

import io.tessellate.method.MethodName;
import io.tessellate.method.Trait;
import java.util.Arrays;
import java.util.Optional;

/**
 * How much a weight w seems to matter to a task, from the parent's values and the gradient g of the mean loss there; the
 * highest are trained. The metrics that <a href="https://arxiv.org/abs/2412.13488">2412.13488</a> compares, as formulas:
 * its published code differs for some (docs/methods/salience.md).
 */
public enum Salience {
    /** {@code |w|}; looks at no data (Han et al. 2015). */
    MAGNITUDE {
        @Override
        public float score(float weight, float gradient, float further) {
            return Math.abs(weight);
        }
    },
    /** {@code |g|}. */
    GRADIENT {
        @Override
        public float score(float weight, float gradient, float further) {
            return Math.abs(gradient);
        }
    },
    /** {@code |w g|} (Lee et al. 2019). */
    SNIP {
        @Override
        public float score(float weight, float gradient, float further) {
            return Math.abs(weight * gradient);
        }
    },
    /** {@code -w g}: what removing the weight would cost, to first order, sign kept (de Jorge et al. 2021). */
    FORCE {
        @Override
        public float score(float weight, float gradient, float further) {
            return -weight * gradient;
        }
    },
    /** {@code (w g)^2} (Molchanov et al. 2019). Ranks as {@link #SNIP}, whose score it takes: squares would underflow. */
    TAYLOR {
        @Override
        public float score(float weight, float gradient, float further) {
            return SNIP.score(weight, gradient, further);
        }
    },
    /** Mean over the examples of the square of each one's own gradient: the empirical Fisher information. */
    FISHER {
        @Override
        public Further further() {
            return Further.SQUARES;
        }

        @Override
        public float score(float weight, float gradient, float further) {
            return further;
        }
    },
    /** {@code w (H g)}, H the Hessian: what keeps the gradient flowing (Wang et al. 2020). */
    GRASP {
        @Override
        public Further further() {
            return Further.HESSIAN_GRADIENT;
        }

        @Override
        public float score(float weight, float gradient, float further) {
            return weight * further;
        }
    },
    /** {@code -w (H g)}: {@link #GRASP} as 2412.13488 prints it, which its authors' code and Wang et al. turn round. */
    GRASP_PRINTED {
        @Override
        public Further further() {
            return Further.HESSIAN_GRADIENT;
        }

        @Override
        public float score(float weight, float gradient, float further) {
            return -GRASP.score(weight, gradient, further);
        }
    },
    /** {@code |w f|}, f what flows through the weight in a network of positive weights (Tanaka et al. 2020); no data. */
    SYNFLOW {
        @Override
        public Further further() {
            return Further.FLOW;
        }

        @Override
        public float score(float weight, float gradient, float further) {
            return Math.abs(weight * further);
        }
    };

    /** What a metric needs beside the weight and the gradient. */
    public enum Further {
        /** Nothing. */
        NOTHING,
        /** The mean square of the examples' own gradients. */
        SQUARES,
        /** The Hessian times the gradient. */
        HESSIAN_GRADIENT,
        /** The synaptic flow, relative to the largest. */
        FLOW
    }

    /** What it needs beside the weight and the gradient. */
    public Further further() {
        return Further.NOTHING;
    }

    /** The method of that metric, which has its name. */
    public MethodName method() {
        return MethodName.valueOf(name());
    }

    /** The metric of a method, if it goes by one. */
    public static Optional<Salience> of(MethodName method) {
        return Arrays.stream(values())
                .filter(salience -> salience.name().equals(method.name()))
                .findFirst();
    }

    /** Whether it needs gradients on data. */
    public boolean looksAtData() {
        return method().has(Trait.LOOKS_AT_DATA);
    }

    /**
     * The score of one weight.
     *
     * @param further what {@link #further()} asks for
     */
    public abstract float score(float weight, float gradient, float further);
}
