package io.tessellate.evaluator.live;

import io.tessellate.engine.metric.ScoreInterval;
import io.tessellate.evaluator.matrix.MatrixRow;
import io.tessellate.evaluator.matrix.ViewRow;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A task's standing as pages and scripts read it.
 *
 * @param scores each live score beside the score of the eval split at the same version in the same view
 * @param counts by their names
 */
public record LiveJson(String model, String task, List<Score> scores, Map<String, Long> counts, String at) {
    /**
     * A live score.
     *
     * @param interval how the live score's interval was found
     * @param labelled all answers so far whose labels came back
     * @param eval score of the eval split; null where that version was not measured on the task
     */
    public record Score(
            String view,
            int version,
            String metric,
            double score,
            long examples,
            double low,
            double high,
            String interval,
            long labelled,
            @Nullable Double eval,
            @Nullable Long evalExamples,
            @Nullable Double evalLow,
            @Nullable Double evalHigh) {}

    /**
     * A standing beside what was measured.
     *
     * @param rows of the model
     */
    public static LiveJson of(LiveStanding standing, List<MatrixRow> rows) {
        Map<String, Long> counts = new LinkedHashMap<>();
        for (LiveCount count : LiveCount.values()) {
            counts.put(count.label(), standing.counts().of(count));
        }
        return new LiveJson(
                standing.task().model().value(),
                standing.task().task().value(),
                standing.scores().stream()
                        .map(score -> score(standing, score, rows))
                        .toList(),
                counts,
                standing.at().toString());
    }

    private static Score score(LiveStanding standing, LiveScore live, List<MatrixRow> rows) {
        MatrixRow row = rows.stream()
                .filter(each -> each.version() == live.version())
                .findFirst()
                .orElse(null);
        int column = row == null ? -1 : row.tasks().indexOf(standing.task().task());
        ViewRow cells = row == null || column < 0 ? null : row.in(live.view());
        ScoreInterval held = cells == null ? null : cells.interval(column);
        return new Score(
                live.view().label(),
                live.version(),
                live.metric(),
                live.score(),
                live.examples(),
                live.interval().low(),
                live.interval().high(),
                live.interval().method().label(),
                live.labelled(),
                cells == null ? null : cells.scores().get(column),
                cells == null || column >= cells.examples().size()
                        ? null
                        : cells.examples().get(column),
                held == null ? null : Double.valueOf(held.low()),
                held == null ? null : Double.valueOf(held.high()));
    }
}
