package io.tessellate.template.text;

import java.util.Locale;

/** Texts as Python counts and trims them: by code points, and with Python's idea of white space. */
public final class Strings {
    private Strings() {}

    public static boolean isSpace(int point) {
        return Character.isWhitespace(point)
                || Character.getType(point) == Character.SPACE_SEPARATOR
                || point == '\u0085';
    }

    public static boolean isBlank(String text) {
        return text.codePoints().allMatch(Strings::isSpace);
    }

    public static String strip(String text) {
        return stripEnd(stripStart(text));
    }

    public static String stripStart(String text) {
        int start = 0;
        while (start < text.length() && isSpace(text.charAt(start))) {
            start++;
        }
        return text.substring(start);
    }

    public static String stripEnd(String text) {
        int end = text.length();
        while (end > 0 && isSpace(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(0, end);
    }

    /** Without characters of a set at its start. */
    public static String stripStart(String text, String set) {
        int start = 0;
        while (start < text.length() && set.indexOf(text.codePointAt(start)) >= 0) {
            start += Character.charCount(text.codePointAt(start));
        }
        return text.substring(start);
    }

    /** Without characters of a set at its end. */
    public static String stripEnd(String text, String set) {
        int end = text.length();
        while (end > 0 && set.indexOf(text.codePointBefore(end)) >= 0) {
            end -= Character.charCount(text.codePointBefore(end));
        }
        return text.substring(0, end);
    }

    public static int length(String text) {
        return text.codePointCount(0, text.length());
    }

    /** The character at a place. */
    public static String at(String text, int place) {
        return Character.toString(text.codePointAt(text.offsetByCodePoints(0, place)));
    }

    public static String capitalized(String text) {
        if (text.isEmpty()) {
            return text;
        }
        int first = Character.charCount(text.codePointAt(0));
        return text.substring(0, first).toUpperCase(Locale.ROOT)
                + text.substring(first).toLowerCase(Locale.ROOT);
    }

    /** Each word's first letter large, the others small; a word ends at whatever is no letter. */
    public static String titled(String text) {
        StringBuilder titled = new StringBuilder();
        boolean within = false;
        for (int point : text.codePoints().toArray()) {
            titled.appendCodePoint(within ? Character.toLowerCase(point) : Character.toTitleCase(point));
            within = Character.isLetter(point);
        }
        return titled.toString();
    }

    /** As Jinja's filter has it: words begin behind white space, hyphens and opening brackets. */
    public static String titledWords(String text) {
        StringBuilder titled = new StringBuilder();
        boolean begins = true;
        for (int point : text.codePoints().toArray()) {
            titled.appendCodePoint(begins ? Character.toUpperCase(point) : Character.toLowerCase(point));
            begins = isSpace(point) || "-({[<".indexOf(point) >= 0;
        }
        return titled.toString();
    }
}
