package io.tessellate.mask.merge;

import java.util.List;

/**
 * scale times the sum of the task vectors (<a href="https://arxiv.org/abs/2212.04089">2212.04089</a>). With scale 1 and
 * disjoint adapters it is their plain union.
 *
 * @param scale usually 0.1 to 1; must be finite
 */
public record TaskArithmetic(double scale) implements MergeMethod {
    /** Checks the scale. */
    public TaskArithmetic {
        MergeLimits.requireScale(scale);
    }

    @Override
    public TaskVector merge(List<TaskVector> tasks) {
        return new Entrywise(tasks, values -> {
            double sum = 0;
            for (float value : values) {
                sum += value;
            }
            return scale * sum;
        });
    }
}
