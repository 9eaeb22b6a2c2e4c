package io.tessellate.engine.metric;

import io.tessellate.dataset.manifest.MetricName;
import io.tessellate.id.Sha256;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;

/** How a task did on some examples. */
public final class Score {
    private final double value;
    private final double[] predictions;
    private final double[] targets;
    private final Sha256 digest;

    public Score(double value, double[] predictions, double[] targets, float[] logits) {
        this.value = value;
        this.predictions = predictions.clone();
        this.targets = targets.clone();
        this.digest = digest(predictions, logits);
    }

    /** Predictions and the bits of the logits they came from: equal digests mean bit-identical behaviour. */
    private static Sha256 digest(double[] predictions, float[] logits) {
        MessageDigest digest = Sha256.newDigest();
        ByteBuffer bytes = ByteBuffer.allocate(Double.BYTES * predictions.length + Float.BYTES * logits.length);
        Arrays.stream(predictions).forEach(bytes::putDouble);
        for (float logit : logits) {
            bytes.putInt(Float.floatToRawIntBits(logit));
        }
        digest.update(bytes.array());
        return Sha256.of(digest);
    }

    /** The metric's value. */
    public double value() {
        return value;
    }

    /** Number of examples. */
    public int examples() {
        return predictions.length;
    }

    /** Class number or real value predicted for an example. */
    public double prediction(int example) {
        return predictions[example];
    }

    /** Example by example, as a metric takes them. */
    public Outcomes outcomes(MetricName metric) {
        return new Outcomes(metric, predictions, targets);
    }

    /** What was right for an example. */
    public double target(int example) {
        return targets[example];
    }

    /** Whether the prediction is exactly the target; means little for real values. */
    public boolean hit(int example) {
        return predictions[example] == targets[example];
    }

    /** SHA-256 over predictions and logits, bit by bit, in the order of the examples. */
    public Sha256 digest() {
        return digest;
    }
}
