package io.tessellate.experiment.plan;

import io.tessellate.mask.merge.MergeRecipe;
import io.tessellate.mask.merge.Ties;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How an arm of {@link Protocol#MERGE} merges.
 *
 * @param method the way
 * @param scales scales to choose from by tuning, after the learning rate
 * @param keeps shares of a task's entries that ties keeps, to choose from by tuning together with the scale; none: the paper's
 * @param trim what that share is of; null: the whole vector
 * @param disjoint whether each task's mask is chosen among the weights that the tasks before it left free, though it is
 *     trained from the base as the others are
 */
public record MergePlan(
        MergeRecipe.Method method,
        List<Double> scales,
        List<Double> keeps,
        Ties.@Nullable Trim trim,
        boolean disjoint) {
    /** Copies the list, refuses an empty one, and checks the numbers. */
    public MergePlan {
        scales = List.copyOf(scales);
        keeps = List.copyOf(keeps);
        if (scales.isEmpty()) {
            throw new IllegalArgumentException("a merge needs at least one scale");
        }
        for (double scale : scales) {
            MergeRecipe.of(method, scale, keeps.isEmpty() ? null : keeps.get(0), trim);
            for (double keep : keeps) {
                MergeRecipe.of(method, scale, keep, trim);
            }
        }
    }

    /** The first of its shares; null: the paper's. */
    @Nullable
    Double firstKeep() {
        return keeps.isEmpty() ? null : keeps.get(0);
    }

    /** The merge at a scale, with a share that is kept. */
    public MergeRecipe recipe(double scale, @Nullable Double keep) {
        return MergeRecipe.of(method, scale, keep, trim);
    }
}
