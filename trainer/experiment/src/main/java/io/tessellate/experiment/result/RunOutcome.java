package io.tessellate.experiment.result;

import io.tessellate.engine.metric.ContinualMetrics;
import io.tessellate.engine.metric.Score;
import io.tessellate.engine.stream.StreamResult;
import io.tessellate.experiment.plan.Job;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What one run of a stream came to; a line in the list of results.
 *
 * @param key SHA-256 of the setting
 * @param title what it was called
 * @param setting everything the result follows from
 * @param union lower triangle of scores, all adapters applied
 * @param task lower triangle of scores in each task's own view
 * @param constant whether the task view stayed bit-identical
 * @param entries weights each adapter sets
 * @param adapters digests of the adapters
 * @param predictions digests of what the union view predicts at the end, task by task
 * @param seconds wall-clock time
 * @param rates learning rate of each task; none in results from before they were kept
 * @param moved how far each task moved the weights; none where that was not measured
 * @param gaps mean spectral gap of each task's mask, 1 minus the second by the first singular value; none where that was not measured
 */
public record RunOutcome(
        String key,
        String title,
        Map<String, Object> setting,
        List<List<Double>> union,
        List<List<Double>> task,
        boolean constant,
        List<Long> entries,
        List<String> adapters,
        List<String> predictions,
        double seconds,
        @Nullable List<Double> rates,
        @Nullable List<Moved> moved,
        @Nullable List<Double> gaps) {
    /** A line that was written before something was kept has none of it; without setting and scores it is no result. */
    public RunOutcome {
        Objects.requireNonNull(setting, "setting");
        requireTriangle(union, "union");
        requireTriangle(task, "task");
        rates = rates == null ? List.of() : List.copyOf(rates);
        moved = moved == null ? List.of() : List.copyOf(moved);
        gaps = gaps == null ? List.of() : List.copyOf(gaps);
    }

    private static void requireTriangle(List<List<Double>> scores, String view) {
        for (int row = 0; row < scores.size(); row++) {
            if (scores.get(row).size() != row + 1) {
                throw new IllegalArgumentException("row %d of view '%s' must have %d scores, not %d"
                        .formatted(row + 1, view, row + 1, scores.get(row).size()));
            }
        }
        if (scores.isEmpty()) {
            throw new IllegalArgumentException("view '%s' has no scores".formatted(view));
        }
    }

    /** Of one stream, or of single tasks, each on a model of its own: then no later task changes a score. */
    public static RunOutcome of(
            Job job, String key, Map<String, Object> setting, List<StreamResult> parts, Extras extras, double seconds) {
        boolean single = parts.size() > 1;
        List<StreamResult.Version> versions =
                parts.stream().flatMap(part -> part.versions().stream()).toList();
        return new RunOutcome(
                key,
                job.title(),
                setting,
                single
                        ? triangle(parts, StreamResult::unionScores)
                        : parts.get(0).unionScores(),
                single
                        ? triangle(parts, StreamResult::taskScores)
                        : parts.get(0).taskScores(),
                parts.stream().allMatch(StreamResult::taskViewIsConstant),
                versions.stream().map(StreamResult.Version::entries).toList(),
                versions.stream().map(version -> version.adapter().hex()).toList(),
                parts.stream().flatMap(part -> last(part).stream()).toList(),
                seconds,
                versions.stream()
                        .map(version -> version.recipe().learningRate())
                        .toList(),
                extras.moved(),
                extras.gaps());
    }

    private static List<String> last(StreamResult part) {
        List<Score> scores = part.versions().get(part.versions().size() - 1).union();
        return scores.stream().map(score -> score.digest().hex()).toList();
    }

    private static List<List<Double>> triangle(
            List<StreamResult> parts, Function<StreamResult, List<List<Double>>> view) {
        List<Double> scores =
                parts.stream().map(part -> view.apply(part).get(0).get(0)).toList();
        return IntStream.rangeClosed(1, scores.size())
                .mapToObj(count -> scores.subList(0, count))
                .toList();
    }

    public ContinualMetrics unionMetrics() {
        return ContinualMetrics.of(union);
    }

    ContinualMetrics taskMetrics() {
        return ContinualMetrics.of(task);
    }

    /** How well tasks were learnt: each right after its own training. */
    public double learnt() {
        return taskMetrics().learningAccuracy();
    }

    /** Names of the tasks, in the order in which they were learnt. */
    public List<String> tasks() {
        return setting.get("tasks") instanceof List<?> tasks
                ? tasks.stream()
                        .map(task -> task instanceof Map<?, ?> described ? String.valueOf(described.get("name")) : "")
                        .toList()
                : List.of();
    }

    /** The same, task by task. */
    public List<Double> learntScores() {
        return IntStream.range(0, task.size())
                .mapToObj(place -> task.get(place).get(place))
                .toList();
    }

    /** What each task comes to at the end, in the union view. */
    public List<Double> finalScores() {
        return union.get(union.size() - 1);
    }

    /** What the newest task comes to in the union view: what it has of being learnt last. */
    public double newest() {
        return finalScores().get(union.size() - 1);
    }

    /**
     * What was measured beside the scores.
     *
     * @param moved one of each task, or none
     * @param gaps one of each task, or none
     */
    public record Extras(List<Moved> moved, List<Double> gaps) {
        public static final Extras NONE = new Extras(List.of(), List.of());
    }
}
