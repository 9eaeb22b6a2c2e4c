package io.tessellate.evaluator.analysis;

import io.tessellate.engine.metric.ContinualMetrics;
import io.tessellate.id.ModelName;
import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;

/**
 * Forward transfer of a version's tasks, where it is defined, and intransigence, where a bound is known.
 *
 * @param version whose tasks they are
 * @param tasks in the order in which they were learnt
 * @param scorings how often eval splits were scored
 */
public record Transfer(ModelName model, int version, List<TaskTransfer> tasks, int scorings) {
    public Transfer {
        tasks = List.copyOf(tasks);
    }

    /** FWT over those tasks behind the first for which it is defined; empty if there is none. */
    public OptionalDouble forward() {
        List<TaskTransfer> defined =
                tasks.stream().filter(task -> task.before() != null).toList();
        return ContinualMetrics.forwardTransfer(
                defined.stream()
                        .map(task -> Objects.requireNonNull(task.before()).score())
                        .toList(),
                defined.stream()
                        .map(task -> Objects.requireNonNull(task.untrained()).score())
                        .toList());
    }

    /** Over how many tasks that is. */
    public int over() {
        return (int) tasks.stream().filter(task -> task.before() != null).count();
    }
}
