package io.tessellate.engine.model.text;

import io.tessellate.engine.model.batch.Batch;
import io.tessellate.engine.model.batch.ProvenShapes;
import io.tessellate.engine.model.batch.TokenSequence;
import io.tessellate.engine.model.pass.KeyValueCache;
import io.tessellate.engine.model.weights.Weights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Continues prompts so that each text is, bit for bit, what it is by itself, whatever shares its passes. By itself a text has a second, idle
 * row beside its own in every step: libraries compute a product of one row in a way of its own, and one of two as they compute one of
 * several. Texts share passes as far as their shapes are proven; what a text sees is kept in caches of few capacities, since sums
 * over it may follow from that too. For one thread at a time.
 */
public final class SteadyGeneration {
    /** Texts that are continued together. The next more would have sums of another order on some libraries (16 rows and more). */
    private static final int MOST = 8;

    /** Rows of a step at least. */
    private static final int LEAST = 2;

    /** Rows from which on a pass over prompts is computed as longer ones are. */
    private static final int WHOLE_ROWS = 16;

    /** Bounds the memory of a pass over prompts; one that has more by itself goes alone. */
    private static final int MOST_TOKENS = 4096;

    private static final int CAPACITY_STEP = 64;

    private final LanguageModel model;
    private final ProvenShapes<Shape, float[]> proven = ProvenShapes.ofNumbers();

    /** Texts of a model, which stays the caller's. */
    public SteadyGeneration(LanguageModel model) {
        this.model = model;
    }

    /**
     * What sums follow from.
     *
     * @param texts together
     * @param length of prompts, padded; 0 for a step
     * @param capacity of the cache of a step; 0 for prompts
     */
    private record Shape(int texts, int length, int capacity) {}

    /** Most tokens that a cache holds of a text beyond its prompt and what is generated, rounding included. */
    public static int spareTokens() {
        return CAPACITY_STEP;
    }

    /** Most rows that a pass has beside those of the texts: the idle one, and what is compared with them. */
    public static int spareTexts() {
        return LEAST;
    }

    /** The tokens that follow each prompt, as {@link Generation#run} has them. */
    public List<int[]> run(Weights weights, Generation generation, List<Prompt> prompts) {
        int[][] texts = new int[prompts.size()][];
        Map<Integer, List<Integer>> byCapacity = new LinkedHashMap<>();
        for (int p = 0; p < texts.length; p++) {
            byCapacity
                    .computeIfAbsent(capacity(generation, prompts.get(p)), capacity -> new ArrayList<>())
                    .add(p);
        }
        byCapacity.forEach((capacity, places) -> {
            for (int from = 0, size; from < places.size(); from += size) {
                // Where a shape is refused, every step would be computed twice: texts go one by one from then on.
                size = proven.refused() > 0 ? 1 : Integer.highestOneBit(Math.min(MOST, places.size() - from));
                List<Integer> some = places.subList(from, from + size);
                List<int[]> tokens = generation.run(
                        new Passes(weights, size),
                        some.stream().map(prompts::get).toList(),
                        capacity);
                for (int i = 0; i < size; i++) {
                    texts[some.get(i)] = tokens.get(i);
                }
            }
        });
        return List.of(texts);
    }

    /** Shapes of passes that are not used, since they would change bits. */
    public long refusedShapes() {
        return proven.refused();
    }

    /** Shapes of passes that are used. */
    public long usedShapes() {
        return proven.used();
    }

    private int capacity(Generation generation, Prompt prompt) {
        long needed = (long) prompt.length() + generation.most();
        long rounded = (needed + CAPACITY_STEP - 1) / CAPACITY_STEP * CAPACITY_STEP;
        return (int) Math.min(model.config().maxPositions(), rounded);
    }

    /** Passes over some texts, together where that is proven. */
    private final class Passes implements ContinuedPasses {
        private final Weights weights;
        private final int texts;

        /** @param texts how many begin; of one the other row is idle */
        Passes(Weights weights, int texts) {
            this.weights = weights;
            this.texts = texts;
        }

        @Override
        public int least() {
            return LEAST;
        }

        @Override
        public float[] all(List<TokenSequence> sequences, KeyValueCache cache) {
            int vocabulary = model.config().vocabulary();
            float[] logits = new float[Math.multiplyExact(sequences.size(), vocabulary)];
            Map<Integer, List<Integer>> byLength = new LinkedHashMap<>();
            for (int s = 0; s < (texts == 1 ? 1 : sequences.size()); s++) {
                int padded = Batch.paddedLength(new int[] {sequences.get(s).length()}, model.config());
                byLength.computeIfAbsent(padded, length -> new ArrayList<>()).add(s);
            }
            byLength.forEach((length, all) -> {
                for (int from = 0, size; from < all.size(); from += size) {
                    size = Integer.highestOneBit(Math.min(Math.max(1, MOST_TOKENS / length), all.size() - from));
                    List<Integer> some = all.subList(from, from + size);
                    List<float[]> rows = proven.rows(
                            new Shape(size, length, 0),
                            some,
                            () -> split(together(sequences, some, cache), some.size()),
                            one -> alone(sequences.get(one), one, length, cache));
                    for (int i = 0; i < size; i++) {
                        System.arraycopy(rows.get(i), 0, logits, some.get(i) * vocabulary, vocabulary);
                    }
                }
            });
            return logits;
        }

        private float[] together(List<TokenSequence> sequences, List<Integer> some, KeyValueCache cache) {
            Batch batch = Batch.padded(some.stream().map(sequences::get).toList(), model.config());
            return model.promptLogits(
                    weights,
                    batch,
                    cache,
                    some.stream().mapToInt(place -> place).toArray(),
                    IntStream.range(0, some.size()).toArray());
        }

        /** A short one beside its copy, so that it is computed as a long one is. */
        private float[] alone(TokenSequence sequence, int place, int length, KeyValueCache cache) {
            List<TokenSequence> copies = length < WHOLE_ROWS ? List.of(sequence, sequence) : List.of(sequence);
            float[] logits = model.promptLogits(
                    weights, Batch.padded(copies, model.config()), cache, new int[] {place}, new int[] {0, 0});
            return Arrays.copyOf(logits, model.config().vocabulary());
        }

        @Override
        public float[] next(int[] ids, int[] positions, KeyValueCache cache) {
            if (texts == 1) {
                return model.nextLogits(weights, ids, positions, cache);
            }
            List<float[]> rows = proven.rows(
                    new Shape(ids.length, 0, cache.capacity()),
                    IntStream.range(0, ids.length).boxed().toList(),
                    () -> split(model.nextLogits(weights, ids, positions, cache), ids.length),
                    one -> alone(one, ids[one], positions[one], cache));
            return joined(rows);
        }

        /** The step of one text beside an idle row, in a cache of its own, as it is by itself. */
        private float[] alone(int sequence, int id, int position, KeyValueCache cache) {
            try (KeyValueCache own = cache.fresh(LEAST)) {
                cache.copy(sequence, 0, position, own, 0);
                float[] logits = model.nextLogits(weights, new int[] {id, 0}, new int[] {position, 0}, own);
                own.copy(0, position, position + 1, cache, sequence);
                return Arrays.copyOf(logits, model.config().vocabulary());
            }
        }
    }

    private static List<float[]> split(float[] rows, int parts) {
        int size = rows.length / parts;
        return IntStream.range(0, parts)
                .mapToObj(part -> Arrays.copyOfRange(rows, part * size, (part + 1) * size))
                .toList();
    }

    private static float[] joined(List<float[]> rows) {
        int size = rows.get(0).length;
        float[] all = new float[Math.multiplyExact(rows.size(), size)];
        for (int r = 0; r < rows.size(); r++) {
            System.arraycopy(rows.get(r), 0, all, r * size, size);
        }
        return all;
    }
}
