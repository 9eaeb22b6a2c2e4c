package io.tessellate.experiment.plan;

import io.tessellate.mask.EligibleTensor;
import io.tessellate.mask.Mask;
import io.tessellate.mask.ParameterSpace;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The weights that a task is given, instead of finding its own: what the first task of its stream owns, or a regular mask of a chosen
 * mixing. That has {@code degree} weights in every row of every matrix, in a band around the diagonal, of which a share is then
 * exchanged with others, two at a time so that no row or column gets more or fewer. The band alone hardly mixes: its spectral gap is
 * near 0. The more is exchanged, the nearer it comes to a random regular mask.
 *
 * @param degree weights of a row; null: the mask of the first task
 * @param mixing exchanges for each weight; 0: the band as it is
 */
public record GivenMask(@Nullable Integer degree, @Nullable Double mixing) {
    /** Refuses half a description. */
    public GivenMask {
        if ((degree == null) != (mixing == null)) {
            throw new IllegalArgumentException("'within' is 'first', or has both a degree and a mixing");
        }
        if (degree != null && degree < 1 || mixing != null && !(mixing >= 0)) {
            throw new IllegalArgumentException(
                    "'within' needs a degree of at least 1 and a mixing of at least 0, not %d and %s"
                            .formatted(degree, mixing));
        }
    }

    /** Whether it is the first task's. */
    public boolean isFirst() {
        return degree == null;
    }

    /**
     * The mask of its own of a task.
     *
     * @param eligible all weights that masks may hold
     * @param targeted those that the recipe may choose from, whole tensors
     */
    public Mask mask(ParameterSpace eligible, Mask targeted, RandomGenerator random) {
        if (degree == null || mixing == null) {
            throw new IllegalStateException("the first task's mask is known when that is learnt");
        }
        Mask.Builder mask = Mask.builder(eligible);
        for (int tensor = 0; tensor < eligible.tensorCount(); tensor++) {
            if (targeted.cardinality(tensor) > 0) {
                add(
                        mask,
                        tensor,
                        columns(eligible.tensor(tensor), degree, mixing, random),
                        eligible.tensor(tensor).columns());
            }
        }
        return mask.build();
    }

    private static void add(Mask.Builder mask, int tensor, int[][] columns, int width) {
        for (int row = 0; row < columns.length; row++) {
            for (int column : columns[row]) {
                mask.add(tensor, row * width + column);
            }
        }
    }

    /** The columns of each row. */
    private static int[][] columns(EligibleTensor tensor, int degree, double mixing, RandomGenerator random) {
        int width = tensor.columns();
        if (degree > width) {
            throw new IllegalArgumentException(
                    "'within' has degree %d, and a row of %s %d weights".formatted(degree, tensor.name(), width));
        }
        int[][] columns = new int[tensor.rows()][degree];
        boolean[] taken = new boolean[tensor.size()];
        for (int row = 0; row < columns.length; row++) {
            for (int n = 0; n < degree; n++) {
                columns[row][n] = (int) (((long) row * width / tensor.rows() + n) % width);
                taken[row * width + columns[row][n]] = true;
            }
        }
        long exchanges = Math.round(mixing * tensor.rows() * degree);
        for (long done = 0; done < exchanges; done++) {
            exchange(columns, taken, width, random);
        }
        return columns;
    }

    /** Tries one exchange of the columns of two weights; where that would put two weights in one place nothing happens. */
    private static void exchange(int[][] columns, boolean[] taken, int width, RandomGenerator random) {
        int one = random.nextInt(columns.length);
        int other = random.nextInt(columns.length);
        int first = random.nextInt(columns[one].length);
        int second = random.nextInt(columns[other].length);
        int column = columns[one][first];
        int instead = columns[other][second];
        if (taken[one * width + instead] || taken[other * width + column]) {
            return;
        }
        taken[one * width + column] = false;
        taken[other * width + instead] = false;
        taken[one * width + instead] = true;
        taken[other * width + column] = true;
        columns[one][first] = instead;
        columns[other][second] = column;
    }
}
