package io.tessellate.registry;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** What a training method means to the ledger: how its mask comes about. */
enum MaskMethod {
    /** Every weight; the baseline. */
    FULL,
    /** The weights that moved most in a calibration. */
    LOTA,
    /** The same, chosen among the free weights only. */
    LOTTO,
    /** One class of a quasi-cyclic lift. */
    EXPANDER,
    /** Free weights drawn at random. */
    RANDOM,
    /** The free weights that are largest. */
    MAGNITUDE,
    /** The free weights of largest gradient. */
    GRADIENT,
    /** The free weights of largest weight times gradient. */
    SNIP,
    /** The same with its sign. */
    FORCE,
    /** The same squared. */
    TAYLOR,
    /** The free weights of largest Fisher information. */
    FISHER,
    /** The free weights that keep the gradient flowing. */
    GRASP;

    static MaskMethod parse(String name) {
        for (MaskMethod method : values()) {
            if (method.text().equals(name)) {
                return method;
            }
        }
        String known = Arrays.stream(values()).map(MaskMethod::text).collect(Collectors.joining(", "));
        throw new TessellateException(ErrorCode.INVALID_RECIPE, "method '%s' must be one of %s".formatted(name, known));
    }

    String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
