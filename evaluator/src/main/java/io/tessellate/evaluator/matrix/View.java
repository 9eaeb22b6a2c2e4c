package io.tessellate.evaluator.matrix;

import com.fasterxml.jackson.annotation.JsonValue;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.util.Locale;

/** Which adapters are applied when a task is scored. The two are never mixed in one table. */
public enum View {
    /** All adapters of the version. */
    UNION,
    /** Only the adapters up to the task's own. */
    TASK;

    /** Reads {@code union} or {@code task}. */
    public static View parse(String text) {
        for (View view : values()) {
            if (view.label().equals(text)) {
                return view;
            }
        }
        throw new TessellateException(
                ErrorCode.INVALID_ARGUMENT, "view '%s' must be 'union' or 'task'".formatted(text));
    }

    /** The view's name in JSON, on the command line and on the page. */
    @JsonValue
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
