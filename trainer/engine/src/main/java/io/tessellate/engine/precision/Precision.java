package io.tessellate.engine.precision;

import io.tessellate.engine.backend.Backend;
import java.util.Locale;

/** In what precision a model's passes are computed. What is trained and kept is in single precision in any case. */
public enum Precision {
    /** Everything in single precision. */
    FP32 {
        @Override
        public Backend of(Backend backend) {
            return backend;
        }

        @Override
        public Precision on(Backend backend) {
            return this;
        }
    },
    /**
     * Matrix products of bf16 numbers, added up in single precision (Micikevicius et al. 2018, <a
     * href="https://arxiv.org/abs/1710.03740">1710.03740</a>, with bf16, which needs no scaling of the loss: Kalamkar et al.
     * 2019, <a href="https://arxiv.org/abs/1905.12322">1905.12322</a>); normalisations, attention, the loss, gradients, trained
     * values and the optimiser's state in single precision.
     */
    MIXED {
        @Override
        public Backend of(Backend backend) {
            return new MixedBackend(backend);
        }

        @Override
        public Precision on(Backend backend) {
            return this;
        }
    },
    /** {@link #MIXED} where that is faster, else {@link #FP32}. */
    AUTO {
        @Override
        public Backend of(Backend backend) {
            return on(backend).of(backend);
        }

        @Override
        public Precision on(Backend backend) {
            return backend.products().rounding().fast() ? MIXED : FP32;
        }
    };

    /** The word for it in recipes. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The backend as passes of this precision see it. */
    public abstract Backend of(Backend backend);

    /** The precision that this comes to on a backend. */
    public abstract Precision on(Backend backend);
}
