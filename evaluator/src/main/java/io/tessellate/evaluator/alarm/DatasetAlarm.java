package io.tessellate.evaluator.alarm;

import io.tessellate.evaluator.alert.AlertKind;
import io.tessellate.evaluator.alert.RaisedAlert;
import io.tessellate.event.RecordCounts;
import io.tessellate.event.TaskEvent;
import io.tessellate.event.TaskRejected;
import io.tessellate.id.ModelName;
import io.tessellate.id.TaskName;
import java.util.Optional;

/** Datasets that were refused. */
public final class DatasetAlarm {
    private DatasetAlarm() {}

    /** The alert about what ingest said of a task, if it is worth one: how many of its records are bad, of how many. */
    public static Optional<RaisedAlert> of(TaskEvent event) {
        TaskRejected rejected = event.getRejected();
        if (rejected == null) {
            return Optional.empty();
        }
        RecordCounts counts = rejected.getCounts();
        return Optional.of(RaisedAlert.of(
                        AlertKind.DATASET,
                        false,
                        new ModelName(event.getModel()),
                        rejected.getCode(),
                        event.getTask() + "\n" + event.getAt(),
                        "the dataset of '%s' was refused: %s".formatted(event.getTask(), rejected.getMessage()),
                        event.getAt())
                .about(new TaskName(event.getTask()))
                .numbers(
                        counts == null ? null : Double.valueOf(counts.getDeadLettered()),
                        counts == null ? null : Double.valueOf(counts.getRead())));
    }
}
