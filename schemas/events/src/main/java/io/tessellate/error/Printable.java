package io.tessellate.error;

import java.util.Locale;

/**
 * Text that was written by others, made fit for a terminal or a log: what would move the cursor, forge a line, hide a part or turn
 * the reading direction around is written as its number.
 */
public final class Printable {
    private Printable() {}

    /** The text on one line. */
    public static String line(String text) {
        return escaped(text, false);
    }

    /** The text with its line breaks and tabs, everything else escaped. */
    public static String lines(String text) {
        return escaped(text, true);
    }

    private static String escaped(String text, boolean breaks) {
        int first = firstUnprintable(text, breaks);
        if (first < 0) {
            return text;
        }
        StringBuilder printable = new StringBuilder(text.length() + 16).append(text, 0, first);
        for (int i = first; i < text.length(); ) {
            int point = text.codePointAt(i);
            if (isPrintable(point, breaks)) {
                printable.appendCodePoint(point);
            } else {
                Character.toString(point)
                        .chars()
                        .forEach(unit -> printable.append(String.format(Locale.ROOT, "\\u%04x", unit)));
            }
            i += Character.charCount(point);
        }
        return printable.toString();
    }

    private static int firstUnprintable(String text, boolean breaks) {
        for (int i = 0; i < text.length(); ) {
            int point = text.codePointAt(i);
            if (!isPrintable(point, breaks)) {
                return i;
            }
            i += Character.charCount(point);
        }
        return -1;
    }

    private static boolean isPrintable(int point, boolean breaks) {
        if (breaks && (point == '\n' || point == '\t')) {
            return true;
        }
        return switch (Character.getType(point)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE -> false;
            default -> true;
        };
    }
}
