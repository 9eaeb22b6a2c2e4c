package io.tessellate.error;

import java.util.Objects;

/**
 * A failure with a code from the error table. Its message names the thing, the value and the rule. What may pass by itself is a
 * {@link RetriableException}; anything else stays as it is however often it is tried.
 */
public class TessellateException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;

    /** A failure that starts here. */
    public TessellateException(ErrorCode code, String message) {
        super(message);
        this.code = Objects.requireNonNull(code, "code");
    }

    /** A failure that has a cause. */
    public TessellateException(ErrorCode code, String message, Throwable cause) {
        super(message, cause);
        this.code = Objects.requireNonNull(code, "code");
    }

    /** The row of the error table. */
    public final ErrorCode code() {
        return code;
    }
}
