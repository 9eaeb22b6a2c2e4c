package io.tessellate.evaluator.http;

import io.tessellate.lineage.log.Author;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** What bodies of requests say alike. */
final class Bodies {
    private Bodies() {}

    static OptionalInt optional(@Nullable Integer value) {
        return value == null ? OptionalInt.empty() : OptionalInt.of(value);
    }

    /** Whoever calls himself something stands beside the token, which is all that anybody vouches for. */
    static Author author(@Nullable String who, @Nullable String why, String token) {
        String asker = who == null || who.isBlank() ? token : "%s (%s)".formatted(who, token);
        return new Author(asker, why == null ? "" : why);
    }
}
