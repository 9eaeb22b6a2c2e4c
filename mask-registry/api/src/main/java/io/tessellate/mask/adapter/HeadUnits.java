package io.tessellate.mask.adapter;

import com.fasterxml.jackson.databind.JsonNode;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.math.BigDecimal;
import java.math.MathContext;

/**
 * The spread of the values that a regression's head was trained to give. Whoever holds the head to what it says weighs a
 * difference by it, and need not have the values themselves: {@code (value - mean) / deviation}.
 *
 * @param mean of the train split's values, finite
 * @param deviation of them, finite and above 0
 */
public record HeadUnits(double mean, double deviation) {
    private static final String MEAN = "mean";
    private static final String DEVIATION = "deviation";

    /** Significant decimal digits that tell every double from every other; the shortest ones differ between releases of Java. */
    private static final MathContext EXACT = new MathContext(17);

    /** Knows no negative zero, which decimals do not tell from zero. */
    public HeadUnits {
        mean += 0.0;
        if (!Double.isFinite(mean) || !Double.isFinite(deviation) || deviation <= 0) {
            throw new TessellateException(
                    ErrorCode.INVALID_ARGUMENT,
                    "values of a head must have a finite mean and a finite deviation above 0: mean %s, deviation %s"
                            .formatted(mean, deviation));
        }
    }

    String json() {
        return MetadataJson.text(
                MetadataJson.MAPPER.createObjectNode().put(MEAN, digits(mean)).put(DEVIATION, digits(deviation)));
    }

    private static BigDecimal digits(double value) {
        return new BigDecimal(value, EXACT).stripTrailingZeros();
    }

    static HeadUnits of(JsonNode json) throws MalformedAdapterException {
        MetadataFields fields = MetadataFields.single(AdapterLayout.UNITS_KEY, json);
        fields.requireExactly(MEAN, DEVIATION);
        return new HeadUnits(fields.real(MEAN), fields.real(DEVIATION));
    }
}
