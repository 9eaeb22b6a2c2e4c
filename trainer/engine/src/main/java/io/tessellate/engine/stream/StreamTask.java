package io.tessellate.engine.stream;

import io.tessellate.dataset.manifest.MetricName;
import io.tessellate.engine.data.EncodedExample;
import io.tessellate.engine.metric.Measure;
import io.tessellate.engine.objective.TaskData;
import io.tessellate.engine.precision.Precision;
import java.util.List;

/**
 * A task of a stream: what to train on and how to measure it.
 *
 * @param data the task and its train split
 * @param measure what it is scored with
 * @param eval its eval split
 */
public record StreamTask(TaskData data, Measure measure, List<EncodedExample> eval) {
    /** Copies the examples. */
    public StreamTask {
        eval = List.copyOf(eval);
    }

    /** A task that is measured by a metric alone. */
    public StreamTask(TaskData data, MetricName metric, List<EncodedExample> eval) {
        this(data, Measure.by(metric), eval);
    }

    /** The same, measured in a precision. */
    public StreamTask in(Precision precision) {
        return new StreamTask(data, measure.in(precision), eval);
    }
}
