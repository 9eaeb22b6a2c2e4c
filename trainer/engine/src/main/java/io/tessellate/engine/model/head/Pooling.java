package io.tessellate.engine.model.head;

import io.tessellate.engine.backend.Matrix;
import io.tessellate.engine.model.batch.Batch;
import io.tessellate.engine.model.config.ModelConfig;
import java.util.Arrays;

/**
 * From hidden vectors to one feature vector per example: the vector of the first token, or of the last where a token sees
 * only what is before it, then, if they are wanted, the mean over the real tokens.
 *
 * @param batch whose lengths say which tokens are real
 * @param hidden width of a hidden vector
 * @param last whether the last token speaks for a sequence
 * @param features which are wanted
 */
public record Pooling(Batch batch, int hidden, boolean last, Features features) {
    /** Of a batch, as its model pools. */
    public static Pooling of(Batch batch, ModelConfig config, Features features) {
        return new Pooling(batch, config.hidden(), config.causal(), features);
    }

    /** The position of the token that speaks for a sequence. */
    public int speaker(int sequence) {
        return last ? batch.length(sequence) - 1 : 0;
    }

    private int speakerAt(int sequence) {
        return batch.row(sequence, speaker(sequence)) * hidden;
    }

    /** [examples x features] from [rows, hidden], or from [examples, hidden] where only one token's vector is wanted. */
    public float[] features(Matrix output) {
        float[] tokens = new float[output.size()];
        output.get(tokens);
        if (features == Features.TOKEN) {
            return tokens;
        }
        float[] features = new float[batch.size() * 2 * hidden];
        for (int b = 0; b < batch.size(); b++) {
            int first = batch.row(b, 0) * hidden;
            int to = b * 2 * hidden;
            System.arraycopy(tokens, speakerAt(b), features, to, hidden);
            for (int s = 0; s < batch.length(b); s++) {
                add(tokens, first + s * hidden, features, to + hidden);
            }
            divide(features, to + hidden, batch.length(b));
        }
        return features;
    }

    /** Fills the hidden vectors' gradient from that of the features; rows that are no token's get 0. */
    void spread(float[] featureGradient, Matrix gradient) {
        if (features == Features.TOKEN) {
            gradient.put(featureGradient);
            return;
        }
        float[] tokens = new float[gradient.size()];
        float[] share = new float[hidden];
        for (int b = 0; b < batch.size(); b++) {
            int from = b * 2 * hidden;
            int first = batch.row(b, 0) * hidden;
            Arrays.fill(share, 0f);
            add(featureGradient, from + hidden, share, 0);
            divide(share, 0, batch.length(b));
            for (int s = 0; s < batch.length(b); s++) {
                System.arraycopy(share, 0, tokens, first + s * hidden, hidden);
            }
            add(featureGradient, from, tokens, speakerAt(b));
        }
        gradient.put(tokens);
    }

    private void add(float[] source, int from, float[] target, int to) {
        for (int h = 0; h < hidden; h++) {
            target[to + h] += source[from + h];
        }
    }

    private void divide(float[] values, int from, int divisor) {
        for (int h = 0; h < hidden; h++) {
            values[from + h] /= divisor;
        }
    }
}
