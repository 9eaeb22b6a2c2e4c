package io.tessellate.engine.train;

import io.tessellate.engine.metric.Metric;
import io.tessellate.engine.model.Batch;
import io.tessellate.engine.model.Encoder;
import io.tessellate.engine.model.Head;
import io.tessellate.engine.model.ModelConfig;
import io.tessellate.engine.model.Weights;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Scores a task. Which examples share a batch depends on the examples alone, so the same weights give the same bits at
 * every version.
 */
public final class Scorer {
    private static final int BATCH = 64;

    private final Encoder encoder;
    private final ModelConfig config;

    /** A scorer for models of one configuration. */
    public Scorer(Encoder encoder, ModelConfig config) {
        this.encoder = encoder;
        this.config = config;
    }

    /** Scores predictions for the examples; DIVERGED if the weights make them not a number. */
    public Score score(Weights weights, Head head, Objective objective, Metric metric, List<EncodedExample> examples) {
        float[] logits = logits(weights, head, examples);
        double[] predictions = new double[examples.size()];
        double[] targets = new double[examples.size()];
        for (int i = 0; i < predictions.length; i++) {
            predictions[i] = objective.prediction(logits, i * head.labels(), head.labels());
            targets[i] = examples.get(i).target();
        }
        return new Score(metric.score(predictions, targets), predictions, targets, logits);
    }

    /** The logits, [examples x labels]. */
    float[] logits(Weights weights, Head head, List<EncodedExample> examples) {
        int[] byLength = IntStream.range(0, examples.size())
                .boxed()
                .sorted(Comparator.comparingInt(i -> examples.get(i).tokens().length()))
                .mapToInt(Integer::intValue)
                .toArray();
        float[] logits = new float[examples.size() * head.labels()];
        for (int from = 0; from < byLength.length; from += BATCH) {
            int[] members = IntStream.of(byLength).skip(from).limit(BATCH).toArray();
            Batch batch = Batch.of(
                    IntStream.of(members)
                            .mapToObj(i -> examples.get(i).tokens())
                            .toList(),
                    config);
            copy(encoder.logits(weights, head, batch), head.labels(), members, logits);
        }
        return logits;
    }

    private static void copy(float[] rows, int labels, int[] members, float[] logits) {
        for (int i = 0; i < members.length; i++) {
            for (int c = 0; c < labels; c++) {
                float logit = rows[i * labels + c];
                if (!Float.isFinite(logit)) {
                    throw new TessellateException(
                            ErrorCode.DIVERGED, "logit %d of example %d is %s".formatted(c, members[i], logit));
                }
                logits[members[i] * labels + c] = logit;
            }
        }
    }
}
