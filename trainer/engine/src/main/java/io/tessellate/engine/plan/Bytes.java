package io.tessellate.engine.plan;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A number of bytes as people read it: decimal, three digits. */
public record Bytes(long count) {
    private static final Pattern TEXT =
            Pattern.compile("([0-9]+(?:\\.[0-9]+)?) ?([KMGT]?)(i)?B?", Pattern.CASE_INSENSITIVE);
    private static final String[] UNITS = {"B", "kB", "MB", "GB", "TB", "PB"};

    /**
     * Reads a number with a unit: 512MB, 80 GB, 1.5GB, 64GiB; K, M, G and T alone are decimal. INVALID_ARGUMENT otherwise.
     *
     * @param name what it is, for the message
     */
    public static Bytes parse(String name, String text) {
        Matcher matcher = TEXT.matcher(text.strip());
        if (!matcher.matches()) {
            throw new TessellateException(
                    ErrorCode.INVALID_ARGUMENT,
                    "%s is '%s' but must be a number of bytes with a unit, for example 80GB or 16GiB"
                            .formatted(name, text));
        }
        double factor = Math.pow(matcher.group(3) == null ? 1000 : 1024, " KMGT".indexOf(unit(matcher)));
        double bytes = Double.parseDouble(matcher.group(1)) * factor;
        if (bytes < 1 || bytes > 1e18) {
            throw new TessellateException(
                    ErrorCode.INVALID_ARGUMENT, "%s is %s, which is no amount of memory".formatted(name, text));
        }
        return new Bytes(Math.round(bytes));
    }

    private static String unit(Matcher matcher) {
        String unit = matcher.group(2).toUpperCase(Locale.ROOT);
        return unit.isEmpty() ? " " : unit;
    }

    @Override
    public String toString() {
        double number = count;
        int unit = 0;
        while (number >= 999.5 && unit < UNITS.length - 1) {
            number /= 1000;
            unit++;
        }
        String digits = unit == 0 || number >= 99.95 ? "%.0f" : number >= 9.995 ? "%.1f" : "%.2f";
        return String.format(Locale.ROOT, digits + " %s", number, UNITS[unit]);
    }
}
