package io.tessellate.engine.answer;

import io.tessellate.dataset.manifest.Decoding;
import io.tessellate.engine.objective.TrainingObjective;
import io.tessellate.engine.precision.Precision;

/**
 * What a task's answers follow from beside its weights and its head.
 *
 * @param objective what it was trained towards
 * @param decoding how texts are decoded
 * @param precision of the passes
 */
public record AskedTask(TrainingObjective objective, Decoding decoding, Precision precision) {
    /** Most tokens of a text where the task's decoding names no number: what completions were wanted is not looked up to answer. */
    public static final int USUAL_NEW_TOKENS = 128;

    /** Most tokens of a text. */
    public int most() {
        Integer given = decoding.maxNewTokens();
        return given == null ? USUAL_NEW_TOKENS : given;
    }
}
