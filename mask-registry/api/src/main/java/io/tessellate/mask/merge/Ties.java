package io.tessellate.mask.merge;

import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * TIES (<a href="https://arxiv.org/abs/2306.01708">2306.01708</a>): trim each task vector to its largest entries, elect for
 * every entry the sign of the sum, and take the mean of those that agree with it. Where the sum is 0 the sign that most of
 * the elected entries have counts. On disjoint adapters that the trim leaves whole it is their plain sum.
 *
 * @param keep share of the entries a trim keeps, exactly floor(keep x size) of them; ties go to the lower index
 * @param trim what the share is of
 * @param size number of weights of each tensor; {@link Trim#WHOLE} adds those of the tensors that the task changed
 * @param scale what the merged vector is multiplied by
 */
public record Ties(double keep, Trim trim, Sizes size, double scale) implements MergeMethod {
    /** What a trim looks at. */
    public enum Trim {
        /** All entries of the vector together, as the paper's code does. */
        WHOLE,
        /** Every tensor by itself, as mergekit and PEFT do. */
        PER_TENSOR
    }

    /** How many weights there are, those a task vector does not mention included. */
    @FunctionalInterface
    public interface Sizes {
        /** Number of weights of a tensor. */
        long of(String tensor);
    }

    /** Checks the numbers. */
    public Ties {
        MergeLimits.requireShare(keep);
        MergeLimits.requireScale(scale);
    }

    @Override
    public TaskVector merge(List<TaskVector> tasks) {
        List<TaskVector> trimmed = tasks.stream().map(this::trim).toList();
        double majority = majority(trimmed);
        return new Entrywise(trimmed, values -> scale * agreeing(values, majority));
    }

    private TaskVector trim(TaskVector task) {
        return switch (trim) {
            case WHOLE ->
                Trimming.of(
                        task, count(task.names().stream().mapToLong(size::of).sum()));
            case PER_TENSOR -> new TensorwiseTrim(task);
        };
    }

    /** Each tensor trimmed by itself. */
    private final class TensorwiseTrim implements TaskVector {
        private final TaskVector task;

        TensorwiseTrim(TaskVector task) {
            this.task = task;
        }

        @Override
        public SortedSet<String> names() {
            return task.names();
        }

        @Override
        public SparseTensor tensor(String name) {
            return Trimming.of(new HeldTensor(name, task.tensor(name)), count(size.of(name)))
                    .tensor(name);
        }
    }

    /** A vector of one tensor. */
    private record HeldTensor(String name, SparseTensor held) implements TaskVector {
        @Override
        public SortedSet<String> names() {
            return new TreeSet<>(List.of(name));
        }

        @Override
        public SparseTensor tensor(String of) {
            return of.equals(name) ? held : SparseTensor.EMPTY;
        }
    }

    private long count(long weights) {
        return (long) Math.floor(keep * weights);
    }

    /** The sign that most entries elect; +1 when there is none. */
    private static double majority(List<TaskVector> tasks) {
        TaskVector signs = new Entrywise(tasks, values -> Math.signum(sum(values)));
        double balance = 0;
        for (String name : signs.names()) {
            for (float sign : signs.tensor(name).values()) {
                balance += sign;
            }
        }
        return balance < 0 ? -1 : 1;
    }

    private static double agreeing(float[] values, double majority) {
        double sign = Math.signum(sum(values));
        double elected = sign == 0 ? majority : sign;
        double agreed = 0;
        int count = 0;
        for (float value : values) {
            if (value != 0 && Math.signum(value) == elected) {
                agreed += value;
                count++;
            }
        }
        return count == 0 ? 0 : agreed / count;
    }

    private static double sum(float[] values) {
        double sum = 0;
        for (float value : values) {
            sum += value;
        }
        return sum;
    }
}
