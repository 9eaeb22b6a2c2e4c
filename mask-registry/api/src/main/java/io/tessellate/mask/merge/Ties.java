package io.tessellate.mask.merge;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;

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
        return Entrywise.merge(trimmed, values -> scale * agreeing(values, majority));
    }

    private TaskVector trim(TaskVector task) {
        return switch (trim) {
            case WHOLE ->
                Trimming.of(
                        task,
                        count(task.tensors().keySet().stream()
                                .mapToLong(size::of)
                                .sum()));
            case PER_TENSOR -> {
                SortedMap<String, SparseTensor> tensors = new TreeMap<>();
                task.tensors().forEach((name, tensor) -> {
                    SortedMap<String, SparseTensor> alone = new TreeMap<>();
                    alone.put(name, tensor);
                    tensors.putAll(Trimming.of(new TaskVector(alone), count(size.of(name)))
                            .tensors());
                });
                yield new TaskVector(tensors);
            }
        };
    }

    private long count(long weights) {
        return (long) Math.floor(keep * weights);
    }

    /** The sign that most entries elect; +1 when there is none. */
    private static double majority(List<TaskVector> tasks) {
        TaskVector signs = Entrywise.merge(tasks, values -> Math.signum(sum(values)));
        double balance = signs.tensors().values().stream()
                .flatMapToDouble(
                        tensor -> IntStream.range(0, tensor.values().length).mapToDouble(n -> tensor.values()[n]))
                .sum();
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
