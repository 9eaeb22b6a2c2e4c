package io.tessellate.evaluator.alarm;

import io.tessellate.error.ErrorCode;
import io.tessellate.evaluator.alert.AlertKind;
import io.tessellate.evaluator.alert.RaisedAlert;
import io.tessellate.event.TrainingEvent;
import io.tessellate.event.TrainingFailed;
import io.tessellate.id.ModelName;
import io.tessellate.id.TaskName;
import java.util.Optional;
import java.util.Set;

/** Runs that ended without an adapter, unless a person ended them. */
public final class TrainingAlarm {
    /** What is no fault of the data or the recipe. */
    private static final Set<String> OURS = Set.of(ErrorCode.DEFECT.name(), ErrorCode.ENDED_THE_PROCESS.name());

    private TrainingAlarm() {}

    /** The alert about an event of a run, if it is worth one. */
    public static Optional<RaisedAlert> of(TrainingEvent event) {
        TrainingFailed failed = event.getFailed();
        if (failed == null || failed.getCode().equals(ErrorCode.CANCELLED.name())) {
            return Optional.empty();
        }
        return Optional.of(RaisedAlert.of(
                        AlertKind.TRAINING,
                        OURS.contains(failed.getCode()),
                        new ModelName(event.getModel()),
                        failed.getCode(),
                        event.getRunId() + "\n" + event.getAt(),
                        "the training of '%s' failed: %s".formatted(event.getTask(), failed.getMessage()),
                        event.getAt())
                .about(new TaskName(event.getTask())));
    }
}
