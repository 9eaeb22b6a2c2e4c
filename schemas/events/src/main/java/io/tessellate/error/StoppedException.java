package io.tessellate.error;

/** Work was asked to stop before its end. It has not failed: whoever takes it up next goes on with it. */
public final class StoppedException extends TessellateException {
    private static final long serialVersionUID = 1L;

    /** A stop that was asked for. */
    public StoppedException(String message) {
        super(ErrorCode.INTERRUPTED, message);
    }

    /** A stop that came as an interrupt of the thread. */
    public StoppedException(String message, Throwable cause) {
        super(ErrorCode.INTERRUPTED, message, cause);
    }
}
