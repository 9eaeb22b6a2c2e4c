package io.tessellate.engine.plan;

import io.tessellate.engine.backend.HeadShape;
import io.tessellate.engine.model.config.ModelConfig;
import io.tessellate.engine.model.head.Features;
import io.tessellate.engine.model.pass.PassSizes;
import io.tessellate.engine.model.text.LanguageModel;
import io.tessellate.engine.precision.Precision;
import io.tessellate.engine.recipe.Recipe;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * What passes without gradients take of memory: the version's weights, the largest pass over the examples, and what decoding keeps.
 * Bounds from above: tokens that are generated are as many as there may be.
 *
 * @param model the version; its tasks and outputs do not matter
 * @param precision of the passes
 * @param text whether completions go through the model, or examples to a head
 * @param lengths tokens of each sequence of each example
 * @param generated most tokens that decoding adds to each; 0 where none are decoded
 */
record ScoringPlan(PlannedModel model, Precision precision, boolean text, List<int[]> lengths, int generated) {
    /** Copies the list, which must not be empty. */
    ScoringPlan {
        lengths = List.copyOf(lengths);
        if (lengths.isEmpty()) {
            throw new IllegalArgumentException("nothing is scored");
        }
    }

    /** Its memory on a backend: one phase. */
    MemoryPlan plan(BackendMemory backend) {
        int[] longest = LargestPasses.longest(lengths, text ? LargestPasses.SCORED_TEXTS : LargestPasses.SCORED);
        WeightCounts counts = new WeightCounts(model, Recipe.of(Map.of()));
        long hidden = model.config().hidden();
        long tokens = PassSizes.rows(model.config(), longest);
        Map<MemoryUse, Long> bytes = new EnumMap<>(MemoryUse.class);
        bytes.put(MemoryUse.PARENT, model.weights().vectors());
        bytes.put(
                MemoryUse.ACTIVATIONS,
                Float.BYTES
                        * (PassSizes.evaluationFloats(model.config(), Features.TOKEN_AND_MEAN, longest)
                                + cache(longest)));
        bytes.put(MemoryUse.LOGITS, text ? Float.BYTES * LanguageModel.logitFloats(model.config()) : 0L);
        bytes.put(MemoryUse.ROWS, 2L * Float.BYTES * tokens * hidden);
        long kernels =
                backend.kernelsAllocate() ? Float.BYTES * PassSizes.kernelFloats(model.config(), false, longest) : 0;
        if (backend.rounds(precision)) {
            kernels += backend.roundedBytes() * Math.max(tokens * model.config().innerColumns(), counts.widest());
            bytes.put(MemoryUse.ROUNDED, Short.BYTES * counts.linears());
        } else if (model.weights().halves() > 0) {
            bytes.put(MemoryUse.WIDENED, Float.BYTES * widened(counts, tokens));
        }
        bytes.put(MemoryUse.KERNELS, kernels);
        bytes.put(MemoryUse.LIBRARIES, backend.libraries() + model.weights().halves());
        return new MemoryPlan(List.of(new PhaseMemory(PlannedPhase.SCORE, bytes)), lengths.size(), 0);
    }

    private long widened(WeightCounts counts, long tokens) {
        ModelConfig config = model.config();
        long words = text ? (long) config.vocabulary() * config.hidden() : 0;
        return Math.max(Math.max(counts.widest(), tokens * config.hidden()), words);
    }

    /** Floats of the keys and values that decoding keeps of all layers. */
    private long cache(int... longest) {
        if (generated == 0) {
            return 0;
        }
        ModelConfig config = model.config();
        int most = Math.min(
                config.maxPositions(), generated + IntStream.of(longest).max().orElseThrow());
        return IntStream.range(0, config.layers())
                .mapToObj(layer -> config.heads(longest.length, most, layer))
                .mapToLong(ScoringPlan::kept)
                .sum();
    }

    private static long kept(HeadShape shape) {
        return 2L * shape.tokens() * shape.keyValueHeads() * shape.width();
    }
}
