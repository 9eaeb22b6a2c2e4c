package io.tessellate.engine.version;

import io.tessellate.engine.data.EncodedExample;
import io.tessellate.engine.model.head.Head;
import io.tessellate.engine.objective.TaskData;
import io.tessellate.engine.objective.TrainingObjective;
import io.tessellate.engine.objective.ValueUnits;
import io.tessellate.id.TaskId;
import java.util.List;
import java.util.Optional;

/**
 * A task the model has learnt, with what a run needs of it: its head in any case, its examples where they are looked at.
 *
 * @param task the task
 * @param objective what its head was trained towards
 * @param head as committed; stays as it is
 * @param units of the values that the head gives
 * @param examples what it was trained on; empty where nobody looks at them, or where they are gone
 * @param ordinal its place among the tasks of the parent version, which may have others that are not looked back at
 */
public record EarlierTask(
        TaskId task,
        TrainingObjective objective,
        Head head,
        ValueUnits units,
        List<EncodedExample> examples,
        int ordinal) {
    /** Copies the examples. */
    public EarlierTask {
        examples = List.copyOf(examples);
    }

    /** A task whose examples are at hand. */
    public static EarlierTask of(TaskData data, Head head, int ordinal) {
        return new EarlierTask(data.task(), data.objective(), head, data.units(), data.train(), ordinal);
    }

    /** Whether its examples are at hand. */
    public boolean isRemembered() {
        return !examples.isEmpty();
    }

    /** The task as data to train on, if its examples are at hand. */
    public Optional<TaskData> data() {
        return isRemembered() ? Optional.of(new TaskData(task, objective, head.labels(), examples)) : Optional.empty();
    }

    /** The same without its examples. */
    public EarlierTask headAlone() {
        return new EarlierTask(task, objective, head, units, List.of(), ordinal);
    }

    /** The same with targets, and a head that gives them, in standard units. */
    public EarlierTask inStandardUnits() {
        return new EarlierTask(
                task, objective, units.standard(head), ValueUnits.NONE, units.standard(examples), ordinal);
    }

    /** The mean loss of the best answer that is the same for all its examples, in standard units; 1 where its model answers by itself. */
    public double constantLoss() {
        return objective.constantLoss(examples).orElse(1);
    }

    /** The mean loss of an answer that knows nothing but what there is to choose from, in standard units. */
    public double blindLoss() {
        return objective.blindLoss(head.labels()).orElse(1);
    }
}
