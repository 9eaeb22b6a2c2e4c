package io.tessellate.dataset.manifest;

import java.util.List;
import java.util.stream.Collectors;

/** What a message quotes of a user's values: not without end. */
public final class Quotation {
    private static final int LONGEST = 40;
    private static final int LISTED = 12;

    private Quotation() {}

    /** A value as a message may quote it. */
    public static String of(Object value) {
        String text = value.toString();
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
    }

    /** Names as a message lists them. */
    public static String listed(List<String> names) {
        if (names.isEmpty()) {
            return "nothing";
        }
        String first =
                names.stream().limit(LISTED).map(name -> "'" + of(name) + "'").collect(Collectors.joining(", "));
        return names.size() <= LISTED ? first : "%s and %d more".formatted(first, names.size() - LISTED);
    }
}
