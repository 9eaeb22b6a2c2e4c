package io.tessellate.engine.model.config;

import java.util.List;
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
     */
    record Rotary(double theta, Scaling scaling) implements Positions {
        /** The angle by which each pair of columns of a head turns per position. */
        public List<Float> frequencies(int width) {
            return IntStream.range(0, width / 2)
                    .mapToObj(i -> scaling.apply((float) (1 / Math.pow(theta, 2.0 * i / width))))
                    .toList();
        }
    }

    /** How the frequencies of rotary embeddings are changed for longer sequences. */
    sealed interface Scaling {
        /** The frequency that takes the place of one. */
        float apply(float frequency);
    }

    /** Frequencies as they are. */
    record Unscaled() implements Scaling {
        @Override
        public float apply(float frequency) {
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
        public float apply(float frequency) {
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
        public float apply(float frequency) {
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
}
