package io.tessellate.evaluator.matrix;

import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The named metrics of a version, of which cells may be missing: each is over those tasks for which both of the scores it compares were
 * measured. Without gaps, and where no adapter was ever taken out, these are the metrics of the engine.
 *
 * @param tasks the version's, in the order of their commits
 */
record Measures(List<TaskScores> tasks) {
    /** ACC: mean of the scores. */
    OptionalDouble averageAccuracy() {
        return mean(tasks.stream().map(TaskScores::now));
    }

    /** BWT: mean over earlier tasks of the score now minus the score when learnt. */
    OptionalDouble backwardTransfer() {
        return mean(tasks.stream().map(TaskScores::transfer));
    }

    /** F: mean over earlier tasks of the best earlier score minus the score now. */
    OptionalDouble forgetting() {
        return mean(tasks.stream().filter(task -> !task.newest()).map(TaskScores::drop));
    }

    private static OptionalDouble mean(Stream<@Nullable Double> values) {
        return values.filter(Objects::nonNull).mapToDouble(Double::doubleValue).average();
    }
}
