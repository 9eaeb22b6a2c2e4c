package io.tessellate.predictor.asking;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.util.Arrays;
import java.util.Locale;

/** Which adapters are applied when a task answers. */
public enum PredictedView {
    /** Those the task was trained on and its own: it answers the same for ever. */
    TASK,
    /** All that a version holds. */
    UNION;

    /** As it is written. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The view of a label; INVALID_ARGUMENT if there is none. */
    public static PredictedView parse(String label) {
        return Arrays.stream(values())
                .filter(view -> view.label().equals(label))
                .findFirst()
                .orElseThrow(() -> new TessellateException(
                        ErrorCode.INVALID_ARGUMENT, "view '%s' must be task or union".formatted(label)));
    }
}
