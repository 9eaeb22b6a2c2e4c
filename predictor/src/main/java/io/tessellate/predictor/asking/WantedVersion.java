package io.tessellate.predictor.asking;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The version that is to answer.
 *
 * @param champion whether it is the one promoted
 * @param number of a certain one; empty: the champion, or of a task view the one that the task was committed as
 */
public record WantedVersion(boolean champion, Optional<Integer> number) {
    private static final String CHAMPION = "champion";

    /** What is taken where nobody says anything. */
    public static final WantedVersion USUAL = new WantedVersion(false, Optional.empty());

    /** The version a text means, null being {@link #USUAL}; INVALID_ARGUMENT for others than 'champion' and numbers from 1. */
    public static WantedVersion parse(@Nullable String text) {
        if (text == null) {
            return USUAL;
        }
        if (text.equals(CHAMPION)) {
            return new WantedVersion(true, Optional.empty());
        }
        if (text.matches("[1-9][0-9]{0,8}")) {
            return new WantedVersion(false, Optional.of(Integer.valueOf(text)));
        }
        throw new TessellateException(
                ErrorCode.INVALID_ARGUMENT, "version '%s' must be '%s' or a number from 1".formatted(text, CHAMPION));
    }
}
