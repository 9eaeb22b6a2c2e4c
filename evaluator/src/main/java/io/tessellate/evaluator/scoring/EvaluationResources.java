package io.tessellate.evaluator.scoring;

import io.tessellate.id.ModelName;
import io.tessellate.lineage.ModelLine;
import io.tessellate.runtime.kafka.PassedOver;
import io.tessellate.runtime.kafka.work.Turns;
import java.util.function.BiFunction;

/**
 * What every evaluation of a worker shares.
 *
 * @param versions finds a model once it holds a version
 * @param turns with the scoring
 * @param passedOver where jobs are noted that nobody can do
 */
record EvaluationResources(
        BiFunction<ModelName, Integer, ModelLine> versions,
        TaskScoring scoring,
        Turns turns,
        EvaluationLog log,
        PassedOver passedOver) {}
