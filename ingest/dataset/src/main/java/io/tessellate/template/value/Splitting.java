package io.tessellate.template.value;

import io.tessellate.template.text.Strings;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Python's {@code split} and {@code rsplit}. */
final class Splitting {
    private Splitting() {}

    /** Cut at each mark, at most so often. */
    static List<Object> at(String text, String mark, int most, boolean fromEnd) {
        List<Object> parts = new ArrayList<>();
        if (fromEnd) {
            int end = text.length();
            for (int at = text.lastIndexOf(mark); at >= 0 && parts.size() < most; ) {
                parts.add(text.substring(at + mark.length(), end));
                end = at;
                at = at < mark.length() ? -1 : text.lastIndexOf(mark, at - mark.length());
            }
            parts.add(text.substring(0, end));
            Collections.reverse(parts);
            return parts;
        }
        int from = 0;
        for (int at = text.indexOf(mark); at >= 0 && parts.size() < most; at = text.indexOf(mark, from)) {
            parts.add(text.substring(from, at));
            from = at + mark.length();
        }
        parts.add(text.substring(from));
        return parts;
    }

    /** The words between white space; the last, or from the end the first, keeps what is not split any more. */
    static List<Object> atSpace(String text, int most, boolean fromEnd) {
        return fromEnd ? backward(text, most) : forward(text, most);
    }

    private static List<Object> forward(String text, int most) {
        List<Object> parts = new ArrayList<>();
        int at = skip(text, 0);
        while (at < text.length() && parts.size() < most) {
            int end = at;
            while (end < text.length() && !Strings.isSpace(text.charAt(end))) {
                end++;
            }
            parts.add(text.substring(at, end));
            at = skip(text, end);
        }
        if (at < text.length()) {
            parts.add(text.substring(at));
        }
        return parts;
    }

    private static int skip(String text, int from) {
        int at = from;
        while (at < text.length() && Strings.isSpace(text.charAt(at))) {
            at++;
        }
        return at;
    }

    private static List<Object> backward(String text, int most) {
        List<Object> parts = new ArrayList<>();
        int end = Strings.stripEnd(text).length();
        while (end > 0 && parts.size() < most) {
            int at = end;
            while (at > 0 && !Strings.isSpace(text.charAt(at - 1))) {
                at--;
            }
            parts.add(text.substring(at, end));
            while (at > 0 && Strings.isSpace(text.charAt(at - 1))) {
                at--;
            }
            end = at;
        }
        if (end > 0) {
            parts.add(text.substring(0, end));
        }
        Collections.reverse(parts);
        return parts;
    }
}
