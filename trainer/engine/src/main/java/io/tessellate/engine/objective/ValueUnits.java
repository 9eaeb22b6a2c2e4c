package io.tessellate.engine.objective;

import io.tessellate.engine.data.EncodedExample;
import io.tessellate.engine.model.head.Head;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.mask.adapter.AdapterMetadata;
import io.tessellate.mask.adapter.HeadUnits;
import java.util.List;

/**
 * The units of a regression's values. It is trained in standard units, {@code (value - mean) / deviation}, in which the best constant answer's
 * squared error is 1: so what a task counts beside what is replayed, and what its head has to learn, does not depend on whether its
 * values are metres or miles. Its head gives values in their own units.
 *
 * @param mean of the train split
 * @param deviation of the train split; 1 where all values are the same
 */
public record ValueUnits(double mean, double deviation) {
    /** Of what has no values. */
    public static final ValueUnits NONE = new ValueUnits(0, 1);

    /** The units of a train split's targets; DIVERGED if they spread too far for numbers of 64 bits. */
    static ValueUnits of(List<EncodedExample> train) {
        double mean =
                train.stream().mapToDouble(EncodedExample::target).average().orElseThrow();
        double variance = train.stream()
                .mapToDouble(example -> (example.target() - mean) * (example.target() - mean))
                .average()
                .orElseThrow();
        if (!Double.isFinite(variance)) {
            throw new TessellateException(
                    ErrorCode.DIVERGED, "values of mean %s and variance %s cannot be learnt".formatted(mean, variance));
        }
        return new ValueUnits(mean, variance > 0 ? Math.sqrt(variance) : 1);
    }

    /** As an adapter of a regression keeps them. */
    public static ValueUnits of(HeadUnits kept) {
        return new ValueUnits(kept.mean(), kept.deviation());
    }

    /** What an adapter whose head gives values in these units says of itself. */
    public AdapterMetadata in(AdapterMetadata metadata) {
        return equals(NONE) ? metadata : metadata.in(new HeadUnits(mean, deviation));
    }

    /** Examples whose targets are in standard units. */
    public List<EncodedExample> standard(List<EncodedExample> examples) {
        return equals(NONE)
                ? examples
                : examples.stream()
                        .map(example -> example.with((example.target() - mean) / deviation))
                        .toList();
    }

    /** The head that gives in standard units what this one gives in the values' own. */
    public Head standard(Head head) {
        return equals(NONE) ? head : converted(head, 1 / deviation, -mean / deviation);
    }

    /** The head that gives in the values' own units what this one gives in standard units; DIVERGED if it is too large for numbers of 32 bits. */
    public Head own(Head head) {
        return equals(NONE) ? head : converted(head, deviation, mean);
    }

    private static Head converted(Head head, double factor, double offset) {
        float[] weight = head.weight();
        float[] bias = head.bias();
        for (int n = 0; n < weight.length; n++) {
            weight[n] = finite(factor * weight[n]);
        }
        for (int n = 0; n < bias.length; n++) {
            bias[n] = finite(factor * bias[n] + offset);
        }
        return Head.of(weight, bias);
    }

    private static float finite(double value) {
        if (!Float.isFinite((float) value)) {
            throw new TessellateException(
                    ErrorCode.DIVERGED, "in the units of its task's values a head has the value " + value);
        }
        return (float) value;
    }
}
