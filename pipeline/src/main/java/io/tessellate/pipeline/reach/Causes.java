package io.tessellate.pipeline.reach;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Looks through a failure's causes. */
final class Causes {
    private Causes() {}

    /** The first cause of a kind, the failure itself included. */
    static <T> Optional<T> find(@Nullable Throwable failure, Class<T> kind) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (kind.isInstance(cause)) {
                return Optional.of(kind.cast(cause));
            }
        }
        return Optional.empty();
    }

    /** Whether a cause's message holds one of several texts, whatever their case. */
    static boolean say(@Nullable Throwable failure, String... texts) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String message = String.valueOf(cause.getMessage()).toLowerCase(java.util.Locale.ROOT);
            for (String text : texts) {
                if (message.contains(text)) {
                    return true;
                }
            }
        }
        return false;
    }

    static Throwable root(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }
}
