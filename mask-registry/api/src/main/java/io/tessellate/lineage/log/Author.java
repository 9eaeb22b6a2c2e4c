package io.tessellate.lineage.log;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;

/**
 * Who acts on a model, and why: it stands in the log.
 *
 * @param who a user's name, or which token
 * @param why in the words of who acts; empty if nothing was said
 */
public record Author(String who, String why) {
    private static final int LONGEST = 1000;

    public Author {
        if (who.isBlank()) {
            throw new TessellateException(ErrorCode.INVALID_ARGUMENT, "who acts must have a name");
        }
        if (who.length() > LONGEST || why.length() > LONGEST) {
            throw new TessellateException(
                    ErrorCode.INVALID_ARGUMENT,
                    "who and why must not be longer than %d characters: %d and %d"
                            .formatted(LONGEST, who.length(), why.length()));
        }
    }

    /** As it is shown behind what was done, for example {@code by ada: it answered slowly}. */
    public String text() {
        return why.isEmpty() ? "by " + who : "by %s: %s".formatted(who, why);
    }
}
