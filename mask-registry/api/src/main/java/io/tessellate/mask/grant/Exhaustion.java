package io.tessellate.mask.grant;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;

/** What happens when fewer weights are free than a task asks for. */
public enum Exhaustion {
    /** The reservation is refused. */
    REJECT("reject"),
    /** The task gets what is left. */
    SHRINK("shrink"),
    /** The task overwrites weights of earlier tasks; only with shared ownership, since it gives up the promise. */
    OVERLAP("overlap");

    private final String text;

    Exhaustion(String text) {
        this.text = text;
    }

    /** As written in a recipe. */
    public String text() {
        return text;
    }

    /** Reads what a recipe says. */
    public static Exhaustion parse(String text) {
        for (Exhaustion exhaustion : values()) {
            if (exhaustion.text.equals(text)) {
                return exhaustion;
            }
        }
        throw new TessellateException(
                ErrorCode.INVALID_RECIPE, "exhaustion '%s' must be reject, shrink or overlap".formatted(text));
    }
}
