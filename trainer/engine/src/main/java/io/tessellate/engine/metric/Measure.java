package io.tessellate.engine.metric;

import io.tessellate.dataset.manifest.Decoding;
import io.tessellate.dataset.manifest.MetricName;
import io.tessellate.engine.data.EncodedExample;
import io.tessellate.engine.precision.Precision;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.util.List;

/**
 * How a task is measured.
 *
 * @param metric what compares predictions with what was wanted
 * @param decoding how texts are decoded; greedily where the metric compares none
 * @param precision in which the model is computed: that in which the task was trained
 */
public record Measure(MetricName metric, Decoding decoding, Precision precision) {
    /** Tokens a continuation may have more than the longest completion wanted. */
    private static final int SLACK = 16;

    /** INVALID_MANIFEST for a decoding that the metric has no texts for. */
    public Measure {
        if (metric.kind() != MetricName.Kind.TEXTS && !decoding.equals(Decoding.GREEDY)) {
            throw new TessellateException(
                    ErrorCode.INVALID_MANIFEST,
                    "decoding needs a metric of generated texts, which '%s' is not".formatted(metric.label()));
        }
    }

    /** A measure in single precision. */
    public Measure(MetricName metric, Decoding decoding) {
        this(metric, decoding, Precision.FP32);
    }

    /** The same in another precision. */
    public Measure in(Precision other) {
        return new Measure(metric, decoding, other);
    }

    /** Most tokens that decoding adds to an example; 0 where none are decoded. */
    public int generated(List<EncodedExample> examples) {
        if (metric.kind() != MetricName.Kind.TEXTS) {
            return 0;
        }
        Integer given = decoding.maxNewTokens();
        return given != null
                ? given
                : SLACK
                        + examples.stream()
                                .mapToInt(EncodedExample::completionTokens)
                                .max()
                                .orElse(0);
    }

    /** A measure of what is predicted, or of greedily decoded texts. */
    public static Measure by(MetricName metric) {
        return new Measure(metric, Decoding.GREEDY);
    }
}
