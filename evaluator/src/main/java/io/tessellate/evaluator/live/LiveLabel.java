package io.tessellate.evaluator.live;

import io.tessellate.dataset.manifest.MetricName;
import io.tessellate.engine.metric.Metric;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What was right.
 *
 * @param metric of the task
 * @param index number of the class or choice
 * @param label name of the class
 * @param value real value
 * @param text the text that was wanted
 */
record LiveLabel(
        MetricName metric,
        @Nullable Integer index,
        @Nullable String label,
        @Nullable Double value,
        @Nullable String text) {

    /** A prediction and what was right, as a metric takes them. */
    record Pair(double predicted, double right) {}

    /** The answer beside this; empty where the two cannot be compared, since guessing would look like a score. */
    Optional<Pair> beside(LiveAnswer answer) {
        return switch (metric.kind()) {
            case CLASSES, CHOICES -> numbered(answer);
            case VALUES ->
                value == null || answer.value() == null
                        ? Optional.empty()
                        : Optional.of(new Pair(answer.value(), value));
            case TEXTS ->
                text == null || answer.text() == null
                        ? Optional.empty()
                        : Optional.of(new Pair(Metric.of(metric).each(List.of(answer.text()), List.of(text))[0], 1));
            case LOSSES -> Optional.empty();
        };
    }

    /** A number that means another name than it did when the question was answered is no answer to this. */
    private Optional<Pair> numbered(LiveAnswer answer) {
        if (index == null || answer.index() == null) {
            return Optional.empty();
        }
        boolean sameName = label == null || answer.label() == null || label.equals(answer.label());
        boolean sameNumber = index.equals(answer.index());
        boolean named = label != null && answer.label() != null;
        return named && sameName != sameNumber ? Optional.empty() : Optional.of(new Pair(answer.index(), index));
    }
}
