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
            return frequencies(width, scaling);
        }

        /** The same in sequences that are longer than {@link Scaling#longest}. */
        public List<Float> longFrequencies(int width) {
            return frequencies(width, scaling.beyond());
        }

        private List<Float> frequencies(int width, Scaling scaling) {
            int columns = columns(width);
            return IntStream.range(0, columns / 2)
                    .mapToObj(i -> scaling.apply((float) (1 / Math.pow(theta, 2.0 * i / columns)), i))
                    .toList();
        }

        @Override
        public int lastingTo() {
            return kinds().stream()
                    .mapToInt(kind -> kind.scaling().longest())
                    .min()
                    .orElseThrow();
        }

        /** Which ways of turning a model has: one, or two. */
        public List<Rotary> kinds() {
            return windowed.map(other -> List.of(this, other)).orElseGet(() -> List.of(this));
        }
    }

    /**
     * Tokens of the longest sequence whose tokens have the places they would have in any longer one; what is kept of a shorter
     * sequence does not go on into one beyond.
     */
    default int lastingTo() {
        return Integer.MAX_VALUE;
    }

    /** Terms of a raw score: the product of query and key, and those of each with a relative place. */
    default int scoreTerms() {
        return 1;
    }

    /**
     * By how far it is from every other: places relative to a token have vectors of their own, which all layers share and turn
     * into queries and keys by the weights that do so for tokens (disentangled attention, He et al. 2021, <a
     * href="https://arxiv.org/abs/2006.03654">2006.03654</a>; shared weights and buckets: He et al. 2023, <a
     * href="https://arxiv.org/abs/2111.09543">2111.09543</a>).
     *
     * @param span half the number of places: of {@code -span} to {@code span - 1}
     * @param buckets up to half of so many tokens apart each distance has a place of its own, beyond it shares one with more and
     *     more others; 0 if each has one as far as there are any
     * @param farthest the distance, less one, that the last bucket is for
     */
    record Disentangled(int span, int buckets, int farthest) implements Positions {
        @Override
        public int scoreTerms() {
            return 3;
        }

        /** The row of the place of each distance from {@code 1 - length} to {@code length - 1}; never falling. */
        public int[] rows(int length) {
            return IntStream.range(1 - length, length)
                    .map(distance -> Math.max(0, Math.min(2 * span - 1, span + bucket(distance))))
                    .toArray();
        }

        /** In single precision, as such models were trained: a distance may lie on a bucket's edge. */
        private int bucket(int distance) {
            int middle = buckets / 2;
            int size = Math.abs(distance);
            if (buckets == 0 || size <= middle) {
                return distance;
            }
            float times = (float) Math.log((float) size / middle);
            float most = (float) Math.log((float) ((farthest - 1) / (double) middle));
            int beyond = (int) Math.ceil(times / most * (middle - 1));
            return Integer.signum(distance) * (middle + beyond);
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

        /** Tokens of the longest sequence that this is for. */
        default int longest() {
            return Integer.MAX_VALUE;
        }

        /** What longer sequences have in its place. */
        default Scaling beyond() {
            return this;
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
     * href="https://arxiv.org/abs/2402.13753">2402.13753</a>). Sequences that are longer than those the model was first trained
     * with have other factors, for all of their tokens.
     *
     * @param factors for each pair of columns
     * @param longest tokens of a sequence that they are for
     * @param longFactors for each pair of columns of longer sequences
     * @param magnitude of the turned vectors, of either
     */
    record LongRope(List<Float> factors, int longest, List<Float> longFactors, float magnitude) implements Scaling {
        /** Copies the lists. */
        public LongRope {
            factors = List.copyOf(factors);
            longFactors = List.copyOf(longFactors);
        }

        @Override
        public Scaling beyond() {
            return new LongRope(longFactors, Integer.MAX_VALUE, longFactors, magnitude);
        }

        @Override
        public float apply(float frequency, int pair) {
            return frequency / factors.get(pair);
        }
    }
}
