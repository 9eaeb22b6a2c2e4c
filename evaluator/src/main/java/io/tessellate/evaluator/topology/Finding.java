package io.tessellate.evaluator.topology;

import io.tessellate.error.ErrorCode;
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
        boolean critical, ErrorCode code, TaskName task, View view, double value, double limit, String message) {}
