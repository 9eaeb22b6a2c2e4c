package io.tessellate.pipeline.report;

import io.tessellate.text.NumberText;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Numbers as people read them. */
final class Numbers {
    private Numbers() {}

    static String score(@Nullable Double value) {
        return value == null ? "-" : NumberText.fixed(value, 3);
    }

    static String count(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    static String percent(double share) {
        return String.format(Locale.ROOT, "%.2f %%", 100 * share);
    }
}
