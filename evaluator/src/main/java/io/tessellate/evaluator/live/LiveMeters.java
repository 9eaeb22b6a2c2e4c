package io.tessellate.evaluator.live;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.tessellate.evaluator.matrix.MatrixBook;
import io.tessellate.evaluator.matrix.View;
import io.tessellate.id.ModelName;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * Live scores as numbers of a model, since a series for each task would be too many: the mean of its tasks' newest, the largest drop
 * of one below its eval score, and what became of answers and labels.
 */
public final class LiveMeters {
    private static final long FEWEST = 30;

    private final MeterRegistry meters;
    private final LiveBook live;
    private final MatrixBook matrices;
    private final Set<ModelName> known = ConcurrentHashMap.newKeySet();

    /** Meters of models not yet heard of. */
    public LiveMeters(MeterRegistry meters, LiveBook live, MatrixBook matrices) {
        this.meters = meters;
        this.live = live;
        this.matrices = matrices;
        live.follow(this::seen);
    }

    private void seen(LiveStanding standing) {
        ModelName model = standing.task().model();
        if (!known.add(model)) {
            return;
        }
        for (View view : View.values()) {
            Gauge.builder("tessellate.live.score", () -> mean(model, view))
                    .description("mean of the tasks' live scores, each at its newest version")
                    .baseUnit("ratio")
                    .tag("model", model.value())
                    .tag("view", view.label())
                    .register(meters);
            Gauge.builder("tessellate.live.drop", () -> drop(model, view))
                    .description("largest drop of a task's live score below its eval score, of 30 labels or more")
                    .baseUnit("ratio")
                    .tag("model", model.value())
                    .tag("view", view.label())
                    .register(meters);
        }
        for (LiveCount count : LiveCount.values()) {
            if (count == LiveCount.WAITING || count == LiveCount.EARLY) {
                Gauge.builder("tessellate.live.ids", () -> sum(model, count))
                        .description("ids that are kept, by what they wait for")
                        .tag("model", model.value())
                        .tag("state", name(count))
                        .register(meters);
            } else {
                FunctionCounter.builder("tessellate.live.events", live, book -> sum(model, count))
                        .description("what became of answers and labels")
                        .tag("model", model.value())
                        .tag("what", name(count))
                        .register(meters);
            }
        }
    }

    private static String name(LiveCount count) {
        return count.name().toLowerCase(java.util.Locale.ROOT);
    }

    private double sum(ModelName model, LiveCount count) {
        return live.standings(model).stream()
                .mapToLong(standing -> standing.counts().of(count))
                .sum();
    }

    private double mean(ModelName model, View view) {
        return newest(model, view).mapToDouble(LiveJson.Score::score).average().orElse(Double.NaN);
    }

    private double drop(ModelName model, View view) {
        return newest(model, view)
                .filter(score -> score.examples() >= FEWEST)
                .map(score -> score.eval() == null ? null : Double.valueOf(score.eval() - score.score()))
                .filter(Objects::nonNull)
                .mapToDouble(Double::doubleValue)
                .max()
                .orElse(Double.NaN);
    }

    private Stream<LiveJson.Score> newest(ModelName model, View view) {
        var rows = matrices.rows(model);
        return live.standings(model).stream().flatMap(standing -> {
            List<LiveJson.Score> scores = LiveJson.of(standing, rows).scores().stream()
                    .filter(score -> score.view().equals(view.label()))
                    .toList();
            return scores.isEmpty() ? Stream.empty() : Stream.of(scores.get(scores.size() - 1));
        });
    }
}
