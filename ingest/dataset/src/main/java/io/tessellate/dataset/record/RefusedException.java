package io.tessellate.dataset.record;

import io.tessellate.error.ErrorCode;
import java.util.Locale;

/** Leaves the reading of a record; never leaves the package. Without stack trace, since bad records may be many. */
final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;

    RefusedException(ErrorCode code, String format, Object... arguments) {
        super(String.format(Locale.ROOT, format, arguments), null, false, false);
        this.code = code;
    }

    ErrorCode code() {
        return code;
    }

    String reason() {
        return String.valueOf(getMessage());
    }
}
