package io.tessellate.engine.objective;

import io.tessellate.engine.data.EncodedExample;
import io.tessellate.engine.metric.Measure;
import io.tessellate.engine.metric.Metric;
import io.tessellate.engine.metric.Score;
import io.tessellate.engine.model.config.ModelConfig;
import io.tessellate.engine.model.head.Head;
import io.tessellate.engine.model.pass.Encoder;
import io.tessellate.engine.model.weights.Weights;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Scores a task by its own head. Which examples share a batch depends on the examples alone, so the same weights give the same bits at
 * every version.
 */
public final class HeadScorer implements Scorer {
    private static final int BATCH = 64;

    private final Encoder encoder;
    private final ModelConfig config;
    private final HeadObjective objective;

    /** A scorer for models of one configuration. */
    public HeadScorer(Encoder encoder, ModelConfig config, HeadObjective objective) {
        this.encoder = encoder;
        this.config = config;
        this.objective = objective;
    }

    /** Scores predictions for the examples; DIVERGED if the weights make them not a number. */
    @Override
    public Score score(Weights weights, Head head, Measure measure, List<EncodedExample> examples) {
        float[][] logits = logits(weights, head, examples);
        double[] predictions = new double[examples.size()];
        double[] targets = new double[examples.size()];
        for (int i = 0; i < predictions.length; i++) {
            predictions[i] = objective.prediction(logits[i]);
            targets[i] = examples.get(i).target();
        }
        return new Score(Metric.of(measure.metric()).score(predictions, targets), predictions, targets, flat(logits));
    }

    /** The logits of each example: one for every label of every sequence. */
    public float[][] logits(Weights weights, Head head, List<EncodedExample> examples) {
        return logits(weights, head, examples, () -> {});
    }

    /**
     * The same of many examples.
     *
     * @param pulse called before each pass; may stop everything by throwing
     */
    public float[][] logits(Weights weights, Head head, List<EncodedExample> examples, Runnable pulse) {
        int[] byLength = IntStream.range(0, examples.size())
                .boxed()
                .sorted(Comparator.comparingInt(i -> examples.get(i).length()))
                .mapToInt(Integer::intValue)
                .toArray();
        float[][] logits = new float[examples.size()][];
        for (int from = 0; from < byLength.length; from += BATCH) {
            pulse.run();
            int[] members = IntStream.of(byLength).skip(from).limit(BATCH).toArray();
            List<EncodedExample> drawn =
                    IntStream.of(members).mapToObj(examples::get).toList();
            float[] rows = encoder.logits(weights, head, EncodedExample.batch(drawn, config));
            int row = 0;
            for (int i : members) {
                int size = examples.get(i).sequences().size() * head.labels();
                logits[i] = Arrays.copyOfRange(rows, row, row + size);
                requireFinite(logits[i], i);
                row += size;
            }
        }
        return logits;
    }

    /** All of them one after the other. */
    public static float[] flat(float[][] rows) {
        float[] all = new float[Stream.of(rows).mapToInt(row -> row.length).sum()];
        int to = 0;
        for (float[] row : rows) {
            System.arraycopy(row, 0, all, to, row.length);
            to += row.length;
        }
        return all;
    }

    private static void requireFinite(float[] logits, int example) {
        for (int c = 0; c < logits.length; c++) {
            if (!Float.isFinite(logits[c])) {
                throw new TessellateException(
                        ErrorCode.DIVERGED, "logit %d of example %d is %s".formatted(c, example, logits[c]));
            }
        }
    }
}
