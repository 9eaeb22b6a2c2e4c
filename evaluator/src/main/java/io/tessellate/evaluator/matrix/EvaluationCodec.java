package io.tessellate.evaluator.matrix;

import io.tessellate.event.BlobReference;
import io.tessellate.event.EvaluationCompleted;
import io.tessellate.id.ModelName;
import io.tessellate.id.Sha256;
import io.tessellate.id.TaskName;

/** Evaluations between the domain and {@code evaluations}. */
public final class EvaluationCodec {
    private EvaluationCodec() {}

    /** The Avro form of an evaluation. */
    public static EvaluationCompleted event(Evaluation evaluation) {
        return EvaluationCompleted.newBuilder()
                .setModel(evaluation.model().value())
                .setVersion(evaluation.version())
                .setVersionTasks(
                        evaluation.versionTasks().stream().map(TaskName::value).toList())
                .setTask(evaluation.task().value())
                .setView(event(evaluation.view()))
                .setMetric(evaluation.metric())
                .setScore(evaluation.score())
                .setExamples(evaluation.examples())
                .setPredictionsDigest(evaluation.predictions().hex())
                .setHits(event(evaluation.hits()))
                .setAt(evaluation.at())
                .build();
    }

    /** The evaluation an Avro record holds; refuses one that cannot be a cell of a matrix. */
    public static Evaluation evaluation(EvaluationCompleted event) {
        return new Evaluation(
                new ModelName(event.getModel()),
                event.getVersion(),
                event.getVersionTasks().stream().map(TaskName::new).toList(),
                new TaskName(event.getTask()),
                view(event.getView()),
                event.getMetric(),
                event.getScore(),
                event.getExamples(),
                new Sha256(event.getPredictionsDigest()),
                hits(event.getHits()),
                event.getAt());
    }

    static io.tessellate.event.View event(View view) {
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
