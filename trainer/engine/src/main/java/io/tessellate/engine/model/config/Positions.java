package io.tessellate.engine.model.config;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** How a token knows where it stands in its sequence. */
public sealed interface Positions {
    /**
     * By a row of a table that is added to its embedding.
     *
     * @param offset row of the first token; those before it are not used
     */
    record Learned(int offset) implements Positions {}

    /**
     * By turning queries and keys (Su et al. 2021).
     *
     * @param theta base of the angles' wave lengths
     * @param scaling how wave lengths are stretched
     * @param share which part of a head's columns, from the first on, turns
     * @param windowed how layers turn that see a window only, where that differs
     */
    record Rotary(double theta, Scaling scaling, double share, Optional<Rotary> windowed) implements Positions {
        /** Whole heads, and the same in all layers. */
        public Rotary(double theta, Scaling scaling) {
            this(theta, scaling, 1, Optional.empty());
        }

        /** How many of a head's columns turn. */
        public int columns(int width) {
            return (int) (width * share);
        }

        /** The angle by which each pair of columns of a head turns per position. */
        public List<Float> frequencies(int width) {
            int columns = columns(width);
            return IntStream.range(0, columns / 2)
                    .mapToObj(i -> scaling.apply((float) (1 / Math.pow(theta, 2.0 * i / columns)), i))
                    .toList();
        }

        /** Which ways of turning a model has: one, or two. */
        public List<Rotary> kinds() {
            return windowed.map(other -> List.of(this, other)).orElseGet(() -> List.of(this));
        }
    }

    /** How the frequencies of rotary embeddings are changed for longer sequences. */
    sealed interface Scaling {
        /**
         * The frequency used in place of one.
         *
         * @param pair number of the pair of columns it belongs to
         */
        float apply(float frequency, int pair);

        /** What cosines and sines are multiplied with. */
        default float magnitude() {
            return 1;
        }
    }

    /** Frequencies as they are. */
    record Unscaled() implements Scaling {
        @Override
        public float apply(float frequency, int pair) {
            return frequency;
        }
    }

    /**
     * All frequencies divided by one factor.
     *
     * @param factor at least 1
     */
    record Linear(double factor) implements Scaling {
        @Override
        public float apply(float frequency, int pair) {
            return (float) (frequency / factor);
        }
    }

    /**
     * Llama 3's: low frequencies are divided by the factor, high ones kept, those between mixed.
     *
     * @param factor at least 1
     * @param low wave lengths above {@code original / low} are stretched
     * @param high wave lengths below {@code original / high} are kept
     * @param original positions the model was first trained with
     */
    record Llama3(double factor, double low, double high, int original) implements Scaling {
        @Override
        public float apply(float frequency, int pair) {
            double wave = 2 * Math.PI / frequency;
            if (wave < original / high) {
                return frequency;
            }
            if (wave > original / low) {
                return (float) (frequency / factor);
            }
            double kept = (original / wave - low) / (high - low);
            return (float) ((1 - kept) * frequency / factor + kept * frequency);
        }
    }

    /**
     * Each frequency divided by a factor of its own, and cosines and sines stretched (LongRoPE, Ding et al. 2024, <a
     * href="https://arxiv.org/abs/2402.13753">2402.13753</a>).
     *
     * @param factors for each pair of columns
     * @param magnitude of the turned vectors
     */
    record Long(List<Float> factors, float magnitude) implements Scaling {
        /** Copies the list. */
        public Long {
            factors = List.copyOf(factors);
        }

        @Override
        public float apply(float frequency, int pair) {
            return frequency / factors.get(pair);
        }
    }
}
