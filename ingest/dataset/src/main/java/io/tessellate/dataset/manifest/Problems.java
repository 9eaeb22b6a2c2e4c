package io.tessellate.dataset.manifest;

import io.tessellate.dataset.manifest.ManifestValidation.Problem;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Collects the rules that something breaks, so that all are said at once. */
final class Problems {
    private final ErrorCode code;
    private final List<Problem> list = new ArrayList<>();

    Problems(ErrorCode code) {
        this.code = code;
    }

    void check(boolean holds, String format, @Nullable Object... arguments) {
        if (!holds) {
            list.add(new Problem(code, String.format(Locale.ROOT, format, arguments)));
        }
    }

    void range(String name, @Nullable Double value, double from, double to) {
        check(value == null || value >= from && value <= to, "%s must be from %s to %s: %s", name, from, to, value);
    }

    void atLeast(String name, @Nullable Number value, double least) {
        check(
                value == null || Double.isFinite(value.doubleValue()) && value.doubleValue() >= least,
                "%s must be a number of at least %s: %s",
                name,
                least,
                value);
    }

    void attempt(Runnable construction) {
        try {
            construction.run();
        } catch (TessellateException e) {
            check(false, "%s", e.getMessage());
        }
    }

    List<Problem> list() {
        return List.copyOf(list);
    }
}
