package io.tessellate.template.value;

import io.tessellate.template.text.TemplateFault;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** TemplateValues as texts: as Python's {@code str} and {@code repr} write them, and as JSON by {@code json.dumps}. */
public final class ValueText {
    private static final int DEEPEST = 200;
    private static final int LONGEST = 1 << 24;
    private static final int MOST_DIGITS = 17;

    private final Run run;
    private final boolean json;
    private final String indent;
    private final String comma;
    private final String colon;
    private final boolean sorted;
    private final StringBuilder text = new StringBuilder();

    private ValueText(Run run, boolean json, String indent, String comma, String colon, boolean sorted) {
        this.run = run;
        this.json = json;
        this.indent = indent;
        this.comma = comma;
        this.colon = colon;
        this.sorted = sorted;
    }

    /** What is written of a value in a text. */
    public static String of(Object value, Run run) {
        if (value instanceof String text) {
            return text;
        }
        if (value instanceof Undefined) {
            return "";
        }
        return new ValueText(run, false, "", ", ", ": ", false).write(value, 0).made();
    }

    /** JSON in one line. */
    public static String json(Object value, Run run) {
        return new ValueText(run, true, "", ", ", ": ", false).write(value, 0).made();
    }

    /**
     * JSON as {@code json.dumps} writes it with these arguments.
     *
     * @param indent white space of one level; empty: in one line
     * @param sorted whether by key
     */
    public static String json(Object value, String indent, String comma, String colon, boolean sorted, Run run) {
        return new ValueText(run, true, indent, comma, colon, sorted)
                .write(value, 0)
                .made();
    }

    private String made() {
        return run.made(text.toString());
    }

    private ValueText write(Object value, int depth) {
        run.step();
        if (depth > DEEPEST) {
            throw TemplateFault.here("a value is nested more than %d deep", DEEPEST);
        }
        if (value instanceof List<?> list) {
            list(list, depth);
        } else if (value instanceof Map<?, ?> map) {
            map(map, depth);
        } else {
            text.append(simple(value));
        }
        if (text.length() > LONGEST) {
            throw TemplateFault.here("a value is too large to be written");
        }
        return this;
    }

    private String simple(Object value) {
        if (value instanceof String string) {
            return json ? quotedJson(string) : quoted(string);
        }
        if (value instanceof Boolean truth) {
            return json ? truth.toString() : truth ? "True" : "False";
        }
        if (value instanceof Nothing) {
            return json ? "null" : "None";
        }
        if (value instanceof Double number) {
            return number(number);
        }
        if (value instanceof Long) {
            return value.toString();
        }
        if (value instanceof Undefined undefined) {
            if (json) {
                throw undefined.fault();
            }
            return "Undefined";
        }
        throw TemplateFault.here("%s cannot be written", TemplateValues.kind(value));
    }

    private void list(List<?> list, int depth) {
        boolean tuple = list instanceof Tuple && !json;
        text.append(tuple ? '(' : '[');
        int count = 0;
        for (Object element : list) {
            text.append(count++ == 0 ? "" : comma);
            line(depth + 1);
            write(element, depth + 1);
        }
        if (count > 0) {
            line(depth);
        }
        text.append(tuple ? count == 1 ? ",)" : ")" : "]");
    }

    private void map(Map<?, ?> map, int depth) {
        text.append('{');
        int count = 0;
        Iterable<? extends Map.Entry<?, ?>> entries = sorted
                ? map.entrySet().stream()
                        .sorted((a, b) -> TemplateValues.compare(a.getKey(), b.getKey()))
                        .toList()
                : map.entrySet();
        for (Map.Entry<?, ?> entry : entries) {
            text.append(count++ == 0 ? "" : comma);
            line(depth + 1);
            Object key = entry.getKey();
            text.append(json && !(key instanceof String) ? '"' + simple(key) + '"' : simple(key))
                    .append(colon);
            write(entry.getValue(), depth + 1);
        }
        if (count > 0) {
            line(depth);
        }
        text.append('}');
    }

    private void line(int depth) {
        if (!indent.isEmpty()) {
            text.append('\n').append(indent.repeat(depth));
        }
    }

    /** A fraction as Python writes it: the shortest digits that read back the same. */
    public static String number(double number) {
        if (Double.isNaN(number) || Double.isInfinite(number)) {
            return Double.isNaN(number) ? "nan" : number > 0 ? "inf" : "-inf";
        }
        BigDecimal exact = shortest(number);
        int exponent = exact.signum() == 0 ? 0 : exact.precision() - exact.scale() - 1;
        if (exponent >= -4 && exponent < 16) {
            String plain = exact.stripTrailingZeros().toPlainString();
            plain = 1 / number == Double.NEGATIVE_INFINITY ? "-0" : plain;
            return plain.contains(".") ? plain : plain + ".0";
        }
        BigDecimal digits = exact.stripTrailingZeros();
        String all = digits.unscaledValue().abs().toString();
        String mantissa = all.length() == 1 ? all : all.charAt(0) + "." + all.substring(1);
        return String.format(
                Locale.ROOT,
                "%s%se%s%02d",
                number < 0 ? "-" : "",
                mantissa,
                exponent < 0 ? "-" : "+",
                Math.abs(exponent));
    }

    /** Java 17's own digits are not always the fewest. */
    private static BigDecimal shortest(double number) {
        BigDecimal exact = new BigDecimal(number);
        for (int digits = 1; digits < MOST_DIGITS; digits++) {
            BigDecimal rounded = exact.round(new MathContext(digits, RoundingMode.HALF_EVEN));
            if (rounded.doubleValue() == number) {
                return rounded;
            }
        }
        return exact.round(new MathContext(MOST_DIGITS, RoundingMode.HALF_EVEN));
    }

    private static String quotedJson(String string) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < string.length(); i++) {
            char c = string.charAt(i);
            switch (c) {
                case '"' -> quoted.append("\\\"");
                case '\\' -> quoted.append("\\\\");
                case '\n' -> quoted.append("\\n");
                case '\r' -> quoted.append("\\r");
                case '\t' -> quoted.append("\\t");
                case '\f' -> quoted.append("\\f");
                case '\b' -> quoted.append("\\b");
                default -> quoted.append(c < ' ' ? String.format(Locale.ROOT, "\\u%04x", (int) c) : String.valueOf(c));
            }
        }
        return quoted.append('"').toString();
    }

    private static String quoted(String string) {
        char mark = string.indexOf('\'') >= 0 && string.indexOf('"') < 0 ? '"' : '\'';
        StringBuilder quoted = new StringBuilder().append(mark);
        string.codePoints().forEach(point -> {
            switch (point) {
                case '\\' -> quoted.append("\\\\");
                case '\n' -> quoted.append("\\n");
                case '\r' -> quoted.append("\\r");
                case '\t' -> quoted.append("\\t");
                default -> {
                    if (point == mark) {
                        quoted.append('\\').append(mark);
                    } else if (point < ' ' || point >= 0x7f && point < 0xa0) {
                        quoted.append(String.format(Locale.ROOT, "\\x%02x", point));
                    } else {
                        quoted.appendCodePoint(point);
                    }
                }
            }
        });
        return quoted.append(mark).toString();
    }
}
