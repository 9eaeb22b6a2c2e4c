package io.tessellate.error;

/** A failure that can pass by itself: a broker, registry, store or network that is away for now. Nothing else is tried again. */
public final class RetriableException extends TessellateException {
    private static final long serialVersionUID = 1L;

    /** A failure that starts here. */
    public RetriableException(ErrorCode code, String message) {
        super(code, message);
    }

    /** A failure that has a cause. */
    public RetriableException(ErrorCode code, String message, Throwable cause) {
        super(code, message, cause);
    }
}
