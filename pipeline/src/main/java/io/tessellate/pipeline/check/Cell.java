package io.tessellate.pipeline.check;

import io.tessellate.event.EvaluationCompleted;
import io.tessellate.event.View;

/**
 * A cell of a model's matrices.
 *
 * @param version version that was scored
 * @param task task it was scored on
 * @param view with which adapters
 */
record Cell(int version, String task, View view) {
    static Cell of(EvaluationCompleted evaluation) {
        return new Cell(evaluation.getVersion(), evaluation.getTask(), evaluation.getView());
    }

    /** Whether two measurements say the same, to the last bit. */
    static boolean same(EvaluationCompleted one, EvaluationCompleted other) {
        if (one.getNotMeasured() != null || other.getNotMeasured() != null) {
            return one.getNotMeasured() != null && other.getNotMeasured() != null;
        }
        if (one.getProven() != null || other.getProven() != null) {
            return java.util.Objects.equals(one.getProven(), other.getProven());
        }
        return Double.doubleToLongBits(one.getScore()) == Double.doubleToLongBits(other.getScore())
                && one.getPredictionsDigest().equals(other.getPredictionsDigest());
    }

    static String say(EvaluationCompleted measured) {
        if (measured.getProven() != null) {
            return "proven by weights of SHA-256 %.12s".formatted(measured.getProven());
        }
        return measured.getNotMeasured() != null
                ? "not measured (%s)".formatted(measured.getNotMeasured().getCode())
                : "%s with predictions %.12s".formatted(measured.getScore(), measured.getPredictionsDigest());
    }
}
