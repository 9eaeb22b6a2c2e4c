package io.tessellate.id;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.util.Locale;

/**
 * Name of a file as it may come from outside: one segment of a path, the same on every system, and never a way out of the
 * directory it is put into.
 */
public record FileName(String value) {
    private static final int LONGEST = 200;
    private static final String FORBIDDEN = "/\\:*?\"<>|";

    public FileName {
        String fault = fault(value);
        if (!fault.isEmpty()) {
            throw new TessellateException(
                    ErrorCode.INVALID_ARGUMENT,
                    "file name '%s' %s: it must be one segment of a path".formatted(shown(value), fault));
        }
    }

    /** A name that follows the rule for any text: what it forbids is written as {@code %} and its number. */
    public static FileName escaped(String text) {
        if (fault(text).isEmpty()) {
            return new FileName(text);
        }
        StringBuilder safe = new StringBuilder();
        for (int i = 0; i < text.length() && safe.length() < LONGEST - 5; i++) {
            char c = text.charAt(i);
            if (isForbidden(c) || c == '.' || c == '%' || c == ' ') {
                safe.append(String.format(Locale.ROOT, "%%%02X", (int) c));
            } else {
                safe.append(c);
            }
        }
        return new FileName(safe.length() == 0 ? "%" : safe.toString());
    }

    private static String fault(String value) {
        if (value.isBlank()) {
            return "is empty";
        }
        if (value.length() > LONGEST) {
            return "is longer than %d characters".formatted(LONGEST);
        }
        if (value.equals(".") || value.equals("..")) {
            return "names a directory";
        }
        if (value.chars().anyMatch(c -> isForbidden((char) c))) {
            return "holds a character that no file name has everywhere";
        }
        boolean ends = value.startsWith(" ") || value.endsWith(" ") || value.endsWith(".");
        return ends ? "begins or ends with a blank, or ends with a dot" : "";
    }

    private static boolean isForbidden(char c) {
        int type = Character.getType(c);
        return FORBIDDEN.indexOf(c) >= 0
                || type == Character.CONTROL
                || type == Character.FORMAT
                || type == Character.LINE_SEPARATOR
                || type == Character.PARAGRAPH_SEPARATOR
                || type == Character.SURROGATE
                || type == Character.UNASSIGNED;
    }

    /** Without what could forge or hide a part of a message. */
    private static String shown(String value) {
        StringBuilder shown = new StringBuilder();
        value.chars()
                .limit(LONGEST)
                .forEach(c -> shown.append(
                        isForbidden((char) c) && FORBIDDEN.indexOf(c) < 0
                                ? String.format(Locale.ROOT, "\\u%04x", c)
                                : Character.toString((char) c)));
        return shown.toString();
    }

    @Override
    public String toString() {
        return value;
    }
}
