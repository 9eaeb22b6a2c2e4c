package io.tessellate.dataset;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What an example is for. */
public enum Split {
    /** Training. */
    TRAIN,
    /** Measuring. */
    EVAL;

    /** As it is written in records: {@code train} or {@code eval}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The split of that name, if there is one. */
    public static Optional<Split> parse(String text) {
        return Arrays.stream(values())
                .filter(split -> split.text().equals(text))
                .findFirst();
    }
}
