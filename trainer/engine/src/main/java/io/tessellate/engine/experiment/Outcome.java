package io.tessellate.engine.experiment;

import io.tessellate.engine.metric.ContinualMetrics;
import io.tessellate.engine.stream.StreamResult;
import java.util.List;

/**
 * What one run of a stream came to; a line in the list of results.
 *
 * @param key what was run, with everything its result follows from
 * @param union lower triangle of scores, all adapters applied
 * @param task lower triangle of scores in each task's own view
 * @param constant whether the task view stayed bit-identical
 * @param entries weights each adapter sets
 * @param adapters digests of the adapters
 * @param seconds wall-clock time
 */
record Outcome(
        String key,
        List<List<Double>> union,
        List<List<Double>> task,
        boolean constant,
        List<Long> entries,
        List<String> adapters,
        double seconds) {

    static Outcome of(String key, StreamResult result, double seconds) {
        return new Outcome(
                key,
                result.unionScores(),
                result.taskScores(),
                result.taskViewIsConstant(),
                result.versions().stream().map(StreamResult.Version::entries).toList(),
                result.versions().stream().map(v -> v.adapter().hex()).toList(),
                seconds);
    }

    ContinualMetrics unionMetrics() {
        return ContinualMetrics.of(union);
    }

    ContinualMetrics taskMetrics() {
        return ContinualMetrics.of(task);
    }
}
