package io.tessellate.lineage.log;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.util.Locale;

/** What becomes of the adapter of a version that failed its verdict. */
public enum FailedVersion {
    /** It is not promoted, and the next version is built on it all the same. */
    KEEP,
    /** It stays out of every later version, its weights are free again, and the next version is built on what it was built on. */
    QUARANTINE;

    /** Reads {@code keep} or {@code quarantine}. */
    public static FailedVersion parse(String text) {
        for (FailedVersion policy : values()) {
            if (policy.label().equals(text)) {
                return policy;
            }
        }
        throw new TessellateException(
                ErrorCode.INVALID_ARGUMENT,
                "policy '%s' for failed versions must be 'keep' or 'quarantine'".formatted(text));
    }

    /** As people and files call it. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
