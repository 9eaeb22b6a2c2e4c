package io.tessellate.evaluator.matrix;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.tessellate.evaluator.verdict.VerdictLevel;
import io.tessellate.event.ForgettingRow;
import io.tessellate.id.ModelName;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The newest row of every model as gauges, by model and view: {@code tessellate_evaluator_accuracy_ratio},
 * {@code tessellate_evaluator_forgetting_ratio} and {@code tessellate_evaluator_measured_version}; its verdicts as counters. What a first version
 * does not have is not a number.
 */
public final class MatrixMeters {
    private final MeterRegistry meters;
    private final MatrixBook book = new MatrixBook();
    private final Set<ModelName> known = new HashSet<>();

    /** Meters of models not yet heard of. */
    public MatrixMeters(MeterRegistry meters) {
        this.meters = meters;
    }

    /** Takes a row of {@code forgetting}; called by one thread. */
    public void apply(ForgettingRow row) {
        book.apply(row);
        var model = new ModelName(row.getModel());
        if (known.add(model)) {
            Gauge.builder(
                            "tessellate.evaluator.measured.version",
                            () -> book.rows(model).size())
                    .description("newest version with a complete row")
                    .tag("model", model.value())
                    .register(meters);
            for (VerdictLevel level : VerdictLevel.values()) {
                FunctionCounter.builder("tessellate.evaluator.verdicts", book, rows -> verdicts(rows, model, level))
                        .description("versions by their verdict")
                        .tag("model", model.value())
                        .tag("verdict", level.name().toLowerCase(Locale.ROOT))
                        .register(meters);
            }
            for (View view : View.values()) {
                gauge(model, view, "accuracy", "mean score over all tasks", AccuracyMatrix::averageAccuracy);
                gauge(model, view, "forgetting", "mean drop below the best score", AccuracyMatrix::forgetting);
            }
        }
    }

    private void gauge(
            ModelName model,
            View view,
            String what,
            String description,
            Function<AccuracyMatrix, @Nullable Double> value) {
        Gauge.builder("tessellate.evaluator." + what, () -> number(value.apply(book.matrix(model, view))))
                .description(description)
                .baseUnit("ratio")
                .tag("model", model.value())
                .tag("view", view.label())
                .register(meters);
    }

    private static double verdicts(MatrixBook book, ModelName model, VerdictLevel level) {
        return book.rows(model).stream()
                .filter(row -> row.verdict() != null && row.verdict().verdict() == level)
                .count();
    }

    private static double number(@Nullable Double value) {
        return value == null ? Double.NaN : value;
    }
}
