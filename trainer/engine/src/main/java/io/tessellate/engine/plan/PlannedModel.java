package io.tessellate.engine.plan;

import io.tessellate.engine.model.config.ModelConfig;
import io.tessellate.engine.model.weights.ParameterLayout;
import io.tessellate.engine.model.weights.WeightBytes;
import io.tessellate.engine.precision.Precision;
import java.util.List;

/**
 * The version that a run starts from, as far as memory goes.
 *
 * @param config what the model looks like
 * @param layout its parameters
 * @param weights what they take
 * @param owned eligible weights that earlier tasks own
 * @param targetsOwned those of them that the recipe targets
 * @param outputs of the task's head; 0 if it has none
 */
public record PlannedModel(
        ModelConfig config, ParameterLayout layout, WeightBytes weights, long owned, long targetsOwned, int outputs) {
    /** A version that is only scored: its tasks and outputs do not matter. */
    public static PlannedModel scored(ModelConfig config, ParameterLayout layout, WeightBytes weights) {
        return new PlannedModel(config, layout, weights, 0, 0, 0);
    }

    /**
     * What passes without gradients take: the weights, the largest pass over the examples, and what decoding keeps. One phase.
     *
     * @param precision of the passes
     * @param text whether completions go through the model, or examples to a head
     * @param lengths tokens of each sequence of each example; at least one example
     * @param generated most tokens that decoding adds to each; 0 where none are decoded
     */
    public MemoryPlan scoring(
            Precision precision, boolean text, List<int[]> lengths, int generated, BackendMemory backend) {
        return new ScoringPlan(this, precision, text, lengths, generated).plan(backend);
    }
}
