package io.tessellate.engine.plan;

import io.tessellate.engine.model.config.ModelConfig;
import io.tessellate.engine.model.weights.ParameterLayout;
import io.tessellate.engine.model.weights.WeightBytes;

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
        ModelConfig config, ParameterLayout layout, WeightBytes weights, long owned, long targetsOwned, int outputs) {}
