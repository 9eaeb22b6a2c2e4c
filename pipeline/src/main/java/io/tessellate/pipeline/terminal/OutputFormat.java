package io.tessellate.pipeline.terminal;

import java.util.Locale;

/** How answers are printed. */
public enum OutputFormat {
    /** For people. */
    TABLE,
    /** For scripts. */
    JSON;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
