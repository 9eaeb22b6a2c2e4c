package io.tessellate.engine.stream;

import io.tessellate.engine.metric.Metric;
import io.tessellate.engine.train.EncodedExample;
import io.tessellate.engine.train.TaskData;
import java.util.List;

/**
 * A task of a stream: what to train on and how to measure it.
 *
 * @param data the task and its train split
 * @param metric what it is scored with
 * @param eval its eval split
 */
public record StreamTask(TaskData data, Metric metric, List<EncodedExample> eval) {
    /** Copies the examples. */
    public StreamTask {
        eval = List.copyOf(eval);
    }
}
