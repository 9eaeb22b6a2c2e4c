package io.tessellate.evaluator.topology;

import io.tessellate.error.ErrorCode;
import io.tessellate.evaluator.alert.AlertKind;
import io.tessellate.evaluator.alert.RaisedAlert;
import io.tessellate.evaluator.matrix.MatrixRow;
import io.tessellate.evaluator.matrix.View;
import io.tessellate.id.TaskName;

/**
 * Something a person should know about a row.
 *
 * @param critical whether a promise or the budget is broken, not only endangered
 * @param value what was measured
 * @param limit what it was held against
 */
record Finding(
        AlertKind kind,
        boolean critical,
        ErrorCode code,
        TaskName task,
        View view,
        double value,
        double limit,
        String message) {
    /** The alert about it. */
    RaisedAlert alert(MatrixRow row) {
        return RaisedAlert.of(
                        kind,
                        critical,
                        row.model(),
                        code.name(),
                        "%d\n%s\n%s".formatted(row.version(), task, view.label()),
                        message,
                        row.at())
                .about(task)
                .ofVersion(row.version(), view)
                .numbers(value, limit);
    }
}
