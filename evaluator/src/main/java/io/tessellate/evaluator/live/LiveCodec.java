package io.tessellate.evaluator.live;

import io.tessellate.dataset.manifest.MetricName;
import io.tessellate.engine.metric.ScoreInterval;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.evaluator.matrix.EvaluationCodec;
import io.tessellate.evaluator.matrix.View;
import io.tessellate.event.LabelReturned;
import io.tessellate.event.LiveScores;
import io.tessellate.event.PredictionMade;
import io.tessellate.id.TaskId;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** Answers, labels and live scores between the domain and their topics. */
public final class LiveCodec {
    private LiveCodec() {}

    /** What was answered, to be joined; a TessellateException if its task or view is none. */
    public static LiveInput answered(PredictionMade event) {
        var answer = new LiveAnswer(
                view(event.getView()),
                event.getVersion(),
                event.getIndex(),
                event.getLabel(),
                event.getValue(),
                event.getText());
        return new LiveInput.Answered(TaskId.of(event.getModel(), event.getTask()), event.getId(), answer);
    }

    /** What was right, to be joined; a TessellateException if its task or metric is none. */
    public static LiveInput labelled(LabelReturned event) {
        var label = new LiveLabel(
                MetricName.named(event.getMetric()),
                event.getIndex(),
                event.getLabel(),
                event.getValue(),
                event.getText());
        return new LiveInput.Labelled(TaskId.of(event.getModel(), event.getTask()), event.getId(), label);
    }

    /** The Avro form of a standing. */
    static LiveScores event(LiveStanding standing) {
        LiveCounts counts = standing.counts();
        return LiveScores.newBuilder()
                .setModel(standing.task().model().value())
                .setTask(standing.task().task().value())
                .setScores(standing.scores().stream().map(LiveCodec::score).toList())
                .setAnswered(counts.of(LiveCount.ANSWERED))
                .setAnonymous(counts.of(LiveCount.ANONYMOUS))
                .setAnsweredAgain(counts.of(LiveCount.ANSWERED_AGAIN))
                .setLabels(counts.of(LiveCount.LABELS))
                .setLabelsAgain(counts.of(LiveCount.LABELS_AGAIN))
                .setLabelsChanged(counts.of(LiveCount.LABELS_CHANGED))
                .setNotComparable(counts.of(LiveCount.NOT_COMPARABLE))
                .setWaiting(counts.of(LiveCount.WAITING))
                .setEarly(counts.of(LiveCount.EARLY))
                .setNeverLabelled(counts.of(LiveCount.NEVER_LABELLED))
                .setNeverAnswered(counts.of(LiveCount.NEVER_ANSWERED))
                .setAt(standing.at())
                .build();
    }

    private static io.tessellate.event.LiveScore score(LiveScore score) {
        return io.tessellate.event.LiveScore.newBuilder()
                .setView(EvaluationCodec.event(score.view()))
                .setVersion(score.version())
                .setMetric(score.metric())
                .setScore(score.score())
                .setExamples(score.examples())
                .setLow(score.interval().low())
                .setHigh(score.interval().high())
                .setMethod(score.interval().method().label())
                .setLabelled(score.labelled())
                .build();
    }

    /** The standing an Avro record holds. */
    public static LiveStanding standing(LiveScores event) {
        return new LiveStanding(
                TaskId.of(event.getModel(), event.getTask()),
                event.getScores().stream().map(LiveCodec::score).toList(),
                counts(event),
                event.getAt());
    }

    private static LiveCounts counts(LiveScores event) {
        Map<LiveCount, Long> all = new EnumMap<>(LiveCount.class);
        all.put(LiveCount.ANSWERED, event.getAnswered());
        all.put(LiveCount.ANONYMOUS, event.getAnonymous());
        all.put(LiveCount.ANSWERED_AGAIN, event.getAnsweredAgain());
        all.put(LiveCount.LABELS, event.getLabels());
        all.put(LiveCount.LABELS_AGAIN, event.getLabelsAgain());
        all.put(LiveCount.LABELS_CHANGED, event.getLabelsChanged());
        all.put(LiveCount.NOT_COMPARABLE, event.getNotComparable());
        all.put(LiveCount.WAITING, event.getWaiting());
        all.put(LiveCount.EARLY, event.getEarly());
        all.put(LiveCount.NEVER_LABELLED, event.getNeverLabelled());
        all.put(LiveCount.NEVER_ANSWERED, event.getNeverAnswered());
        return new LiveCounts(all);
    }

    private static LiveScore score(io.tessellate.event.LiveScore event) {
        return new LiveScore(
                view(event.getView()),
                event.getVersion(),
                event.getMetric(),
                event.getScore(),
                new ScoreInterval(event.getLow(), event.getHigh(), method(event.getMethod())),
                event.getExamples(),
                event.getLabelled());
    }

    private static ScoreInterval.Method method(String label) {
        return Arrays.stream(ScoreInterval.Method.values())
                .filter(method -> method.label().equals(label))
                .findFirst()
                .orElseThrow(() -> new TessellateException(
                        ErrorCode.UNDECODABLE, "an interval was found by '%s', which is not known".formatted(label)));
    }

    private static View view(io.tessellate.event.View view) {
        return View.parse(view.name().toLowerCase(Locale.ROOT));
    }
}
