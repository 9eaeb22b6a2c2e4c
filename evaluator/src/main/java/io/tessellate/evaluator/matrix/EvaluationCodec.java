package io.tessellate.evaluator.matrix;

import io.tessellate.engine.metric.ScoreInterval;
import io.tessellate.error.ErrorCode;
import io.tessellate.event.BlobReference;
import io.tessellate.event.EvaluationCompleted;
import io.tessellate.event.NotMeasured;
import io.tessellate.id.ModelName;
import io.tessellate.id.Sha256;
import io.tessellate.id.TaskName;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Evaluations between the domain and {@code evaluations}. */
public final class EvaluationCodec {
    private EvaluationCodec() {}

    /** The Avro form of an evaluation. */
    public static EvaluationCompleted event(Evaluation evaluation) {
        var event = EvaluationCompleted.newBuilder()
                .setModel(evaluation.model().value())
                .setVersion(evaluation.version())
                .setVersionTasks(
                        evaluation.versionTasks().stream().map(TaskName::value).toList())
                .setTask(evaluation.task().value())
                .setView(event(evaluation.view()))
                .setMetric(evaluation.metric())
                .setAt(evaluation.at())
                .setCommittedAs(evaluation.committedAs())
                .setBudget(evaluation.budget().orElse(null));
        if (evaluation.result() instanceof Evaluation.Measured measured) {
            return event.setScore(measured.score())
                    .setExamples(measured.examples())
                    .setLeftOut(measured.leftOut())
                    .setPredictionsDigest(measured.predictions().hex())
                    .setHits(event(measured.hits()))
                    .setInterval(interval(measured.interval()))
                    .build();
        }
        event.setScore(0).setExamples(0).setPredictionsDigest("").setHits(new BlobReference("", "", 0L));
        if (evaluation.result() instanceof Evaluation.Proven proven) {
            return event.setProven(proven.weights().hex()).build();
        }
        Gap gap = evaluation.result().gap(evaluation.task()).orElseThrow();
        return event.setNotMeasured(new NotMeasured(gap.code().name(), gap.reason()))
                .build();
    }

    /** The evaluation an Avro record holds; refuses one that cannot be a cell of a matrix. */
    public static Evaluation evaluation(EvaluationCompleted event) {
        List<TaskName> tasks =
                event.getVersionTasks().stream().map(TaskName::new).toList();
        TaskName task = new TaskName(event.getTask());
        return new Evaluation(
                new ModelName(event.getModel()),
                event.getVersion(),
                tasks,
                task,
                view(event.getView()),
                event.getMetric(),
                result(event),
                event.getAt(),
                event.getCommittedAs() == 0 ? tasks.indexOf(task) + 1 : event.getCommittedAs(),
                Optional.ofNullable(event.getBudget()));
    }

    /** A score that is none, as an earlier version could write it, is a gap too: else its row would never be complete. */
    private static Evaluation.Result result(EvaluationCompleted event) {
        NotMeasured gap = event.getNotMeasured();
        if (gap != null) {
            return new Evaluation.NotMeasured(code(gap.getCode()), gap.getReason());
        }
        if (event.getProven() != null) {
            return new Evaluation.Proven(new Sha256(event.getProven()));
        }
        if (!Double.isFinite(event.getScore())) {
            return new Evaluation.NotMeasured(
                    ErrorCode.NOT_MEASURABLE, "its score was recorded as %s".formatted(event.getScore()));
        }
        return new Evaluation.Measured(
                event.getScore(),
                event.getExamples(),
                event.getLeftOut(),
                new Sha256(event.getPredictionsDigest()),
                hits(event.getHits()),
                interval(event.getInterval()));
    }

    /** A code of the error table; one that only a later version knows says no more than that there is no score. */
    static ErrorCode code(String name) {
        return ErrorCode.named(name).orElse(ErrorCode.NOT_MEASURABLE);
    }

    public static io.tessellate.event.View event(View view) {
        return switch (view) {
            case UNION -> io.tessellate.event.View.UNION;
            case TASK -> io.tessellate.event.View.TASK;
        };
    }

    private static View view(io.tessellate.event.View view) {
        return switch (view) {
            case UNION -> View.UNION;
            case TASK -> View.TASK;
        };
    }

    static io.tessellate.event.@Nullable ScoreInterval interval(@Nullable ScoreInterval interval) {
        return interval == null
                ? null
                : new io.tessellate.event.ScoreInterval(
                        interval.low(), interval.high(), interval.method().label());
    }

    /** One found by a way that this version does not know is none. */
    static @Nullable ScoreInterval interval(io.tessellate.event.@Nullable ScoreInterval interval) {
        return interval == null
                ? null
                : Arrays.stream(ScoreInterval.Method.values())
                        .filter(method -> method.label().equals(interval.getMethod()))
                        .findFirst()
                        .map(method -> new ScoreInterval(interval.getLow(), interval.getHigh(), method))
                        .orElse(null);
    }

    private static BlobReference event(Evaluation.Hits hits) {
        return BlobReference.newBuilder()
                .setName(hits.name())
                .setSha256(hits.sha256().hex())
                .setBytes(hits.bytes())
                .build();
    }

    private static Evaluation.Hits hits(BlobReference blob) {
        return new Evaluation.Hits(blob.getName(), new Sha256(blob.getSha256()), blob.getBytes());
    }
}
