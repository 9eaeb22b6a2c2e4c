package io.tessellate.id;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.util.regex.Pattern;

/** The rule shared by the names that become parts of topic names. */
final class Names {
    private static final Pattern RULE = Pattern.compile("[a-z0-9][a-z0-9_-]{0,62}");

    private Names() {}

    static String require(String kind, String value) {
        if (!RULE.matcher(value).matches()) {
            throw new TessellateException(
                    ErrorCode.INVALID_ARGUMENT,
                    "%s '%s' must be 1 to 63 of a-z, 0-9, '_' and '-', starting with a letter or digit"
                            .formatted(kind, value));
        }
        return value;
    }
}
