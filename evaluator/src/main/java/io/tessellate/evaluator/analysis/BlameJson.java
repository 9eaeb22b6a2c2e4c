package io.tessellate.evaluator.analysis;

import io.tessellate.engine.metric.ScoreInterval;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What was found, in JSON, as blame.yaml describes it. */
public record BlameJson(
        String model,
        String task,
        int version,
        String standing,
        int committedAs,
        String metric,
        long examples,
        Score own,
        Change union,
        double drop,
        boolean dropped,
        List<Adapter> adapters,
        double together,
        List<Narrowing> narrowings,
        @Nullable Culprit culprit,
        List<Layer> layers,
        int scorings,
        int mostScorings,
        String says) {
    /** Copies the lists. */
    public BlameJson {
        adapters = List.copyOf(adapters);
        narrowings = List.copyOf(narrowings);
        layers = List.copyOf(layers);
    }

    /** A score with its interval. */
    public record Score(double score, double low, double high, String interval) {}

    /** A score, and how its examples compare with those it is held against. */
    public record Change(
            double score,
            double low,
            double high,
            String interval,
            double difference,
            String test,
            double p,
            double corrected,
            int lost,
            int won) {
        static Change of(ScoreChange change) {
            ScoreInterval interval = change.interval();
            return new Change(
                    change.score(),
                    interval.low(),
                    interval.high(),
                    interval.method().label(),
                    change.difference(),
                    change.test().method().label(),
                    change.test().p(),
                    change.corrected(),
                    change.test().lost(),
                    change.test().won());
        }
    }

    /** An adapter by which both views differ. */
    public record Adapter(
            String task,
            int version,
            String kind,
            long owned,
            Change undone,
            Change alone,
            double effect,
            boolean supported) {
        static Adapter of(BlamedAdapter adapter) {
            return new Adapter(
                    adapter.task().value(),
                    adapter.version(),
                    adapter.kind().name().toLowerCase(Locale.ROOT),
                    adapter.owned(),
                    Change.of(adapter.undone()),
                    Change.of(adapter.alone()),
                    adapter.effect(),
                    adapter.supported());
        }
    }

    /** The adapter of largest effect. */
    public record Culprit(String task, int version, double effect, boolean supported) {}

    /** A layer of the culprit. */
    public record Layer(String layer, long entries, Change undone) {}

    /** The answer. */
    public static BlameJson of(Blame blame) {
        ScoreInterval own = blame.ownInterval();
        return new BlameJson(
                blame.task().model().value(),
                blame.task().task().value(),
                blame.version(),
                blame.standing(),
                blame.committedAs(),
                blame.metric(),
                blame.examples(),
                new Score(blame.own(), own.low(), own.high(), own.method().label()),
                Change.of(blame.union()),
                blame.drop(),
                blame.dropped(),
                blame.adapters().stream().map(Adapter::of).toList(),
                blame.together(),
                blame.narrowings(),
                blame.culprit()
                        .map(one -> new Culprit(one.task().value(), one.version(), one.effect(), one.supported()))
                        .orElse(null),
                blame.layers().stream()
                        .map(one -> new Layer(one.layer().value(), one.entries(), Change.of(one.undone())))
                        .toList(),
                blame.scorings(),
                blame.most(),
                blame.text());
    }
}
