package io.tessellate.template.value;

import static java.util.Map.entry;

import io.tessellate.template.text.Strings;
import io.tessellate.template.text.TemplateFault;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Filters by name; those of lists are in {@link ListFilters}. */
public final class Filters {
    /** What a filter does to a value. */
    @FunctionalInterface
    public interface Filter {
        Object apply(Object input, Arguments given, Run run);
    }

    private static final int LARGEST_INDENT = 64;

    private static final Map<String, Filter> OF_VALUES = Map.ofEntries(
            entry("abs", Filters::absolute),
            entry("capitalize", (in, given, run) -> Strings.capitalized(ValueText.of(in, run))),
            entry("d", Filters::orElse),
            entry("default", Filters::orElse),
            entry("dictsort", Filters::sortedItems),
            entry("float", (in, given, run) -> fraction(in)),
            entry("indent", Filters::indented),
            entry("int", (in, given, run) -> whole(in)),
            entry("items", (in, given, run) -> items(in, run)),
            entry("join", Filters::joined),
            entry("lower", (in, given, run) -> ValueText.of(in, run).toLowerCase(Locale.ROOT)),
            entry("replace", (in, given, run) -> StringMethods.replaced(ValueText.of(in, run), given, run)),
            entry("round", Filters::rounded),
            entry("safe", (in, given, run) -> in),
            entry("string", (in, given, run) -> ValueText.of(in, run)),
            entry("title", (in, given, run) -> Strings.titledWords(ValueText.of(in, run))),
            entry("tojson", Filters::json),
            entry("trim", Filters::trimmed),
            entry("upper", (in, given, run) -> ValueText.of(in, run).toUpperCase(Locale.ROOT)),
            entry(
                    "wordcount",
                    (in, given, run) -> (long) Splitting.atSpace(ValueText.of(in, run), Integer.MAX_VALUE, false)
                            .size()));

    private Filters() {}

    public static boolean known(String name) {
        return OF_VALUES.containsKey(name) || ListFilters.ALL.containsKey(name);
    }

    public static Filter named(String name, int at) {
        Filter filter = OF_VALUES.getOrDefault(name, ListFilters.ALL.get(name));
        if (filter == null) {
            throw new TemplateFault(at, "the filter '%s' is not known here", name);
        }
        return filter;
    }

    private static Object orElse(Object in, Arguments given, Run run) {
        @Nullable Object[] bound = given.bind("default_value", "boolean");
        boolean whenFalse = bound[1] != null && TemplateValues.truth(bound[1]);
        boolean missing = in instanceof Undefined || whenFalse && !TemplateValues.truth(in);
        return missing ? Objects.requireNonNullElse(bound[0], "") : in;
    }

    private static Object absolute(Object in, Arguments given, Run run) {
        Object number = TemplateValues.number(in);
        if (number instanceof Long whole) {
            return Math.absExact(whole);
        }
        if (number instanceof Double fraction) {
            return Math.abs(fraction);
        }
        throw TemplateFault.here("%s has no size", TemplateValues.kind(in));
    }

    private static Object trimmed(Object in, Arguments given, Run run) {
        Object set = given.bind("chars")[0];
        String text = ValueText.of(in, run);
        if (set == null || set instanceof Nothing) {
            return Strings.strip(text);
        }
        return Strings.stripEnd(Strings.stripStart(text, TemplateValues.text(set)), TemplateValues.text(set));
    }

    private static Object joined(Object in, Arguments given, Run run) {
        @Nullable Object[] bound = given.bind("d", "attribute");
        String between = bound[0] == null ? "" : ValueText.of(bound[0], run);
        List<Object> elements = TemplateValues.elements(in, run);
        List<String> parts = new ArrayList<>();
        for (Object element : elements) {
            parts.add(ValueText.of(bound[1] == null ? element : ListFilters.way(element, bound[1]), run));
        }
        run.make((long) between.length() * parts.size());
        return run.made(String.join(between, parts));
    }

    private static Object items(Object in, Run run) {
        if (in instanceof Undefined) {
            return List.of();
        }
        if (in instanceof Map<?, ?> map) {
            return Attributes.items(map, run);
        }
        throw TemplateFault.here("%s has no items", TemplateValues.kind(in));
    }

    private static Object sortedItems(Object in, Arguments given, Run run) {
        @Nullable Object[] bound = given.bind("case_sensitive", "by", "reverse");
        boolean exact = bound[0] != null && TemplateValues.truth(bound[0]);
        int by = "value".equals(bound[1]) ? 1 : 0;
        List<Object> items = new ArrayList<>((List<?>) items(in, run));
        items.sort((a, b) -> TemplateValues.compare(
                ListFilters.key(((Tuple) a).get(by), exact), ListFilters.key(((Tuple) b).get(by), exact)));
        if (bound[2] != null && TemplateValues.truth(bound[2])) {
            Collections.reverse(items);
        }
        return items;
    }

    private static Object whole(Object in) {
        Object number = TemplateValues.number(in);
        if (number instanceof Double fraction) {
            return fraction.longValue();
        }
        if (number instanceof Long) {
            return number;
        }
        try {
            return in instanceof String text ? (Object) new BigDecimal(Strings.strip(text)).longValue() : (Object) 0L;
        } catch (NumberFormatException e) {
            return 0L;
        }
    }

    private static Object fraction(Object in) {
        if (TemplateValues.number(in) instanceof Number number) {
            return number.doubleValue();
        }
        try {
            return in instanceof String text ? Double.parseDouble(Strings.strip(text)) : 0.0;
        } catch (NumberFormatException e) {
            return 0.0;
        }
    }

    private static Object rounded(Object in, Arguments given, Run run) {
        @Nullable Object[] bound = given.bind("precision", "method");
        int digits = bound[0] == null ? 0 : Math.max(-20, Math.min(20, TemplateValues.index(bound[0])));
        String method = bound[1] == null ? "common" : TemplateValues.text(bound[1]);
        if (!(TemplateValues.number(in) instanceof Number number)) {
            throw TemplateFault.here("%s cannot be rounded", TemplateValues.kind(in));
        }
        RoundingMode mode = switch (method) {
            case "ceil" -> RoundingMode.CEILING;
            case "floor" -> RoundingMode.FLOOR;
            default -> RoundingMode.HALF_EVEN;
        };
        return new BigDecimal(number.doubleValue()).setScale(digits, mode).doubleValue();
    }

    private static Object indented(Object in, Arguments given, Run run) {
        @Nullable Object[] bound = given.bind("width", "first", "blank");
        String space = bound[0] instanceof String text ? text : " ".repeat(width(bound[0] == null ? 4L : bound[0]));
        boolean first = bound[1] != null && TemplateValues.truth(bound[1]);
        boolean blank = bound[2] != null && TemplateValues.truth(bound[2]);
        String[] lines = ValueText.of(in, run).split("\n", -1);
        run.make((long) lines.length * space.length());
        for (int i = 0; i < lines.length; i++) {
            boolean due = i == 0 ? first : blank || !lines[i].isEmpty();
            lines[i] = due ? space + lines[i] : lines[i];
        }
        return run.made(String.join("\n", lines));
    }

    private static int width(Object given) {
        int width = TemplateValues.index(given);
        if (width < 0 || width > LARGEST_INDENT) {
            throw TemplateFault.here("an indentation of %d is not from 0 to %d", width, LARGEST_INDENT);
        }
        return width;
    }

    private static Object json(Object in, Arguments given, Run run) {
        @Nullable Object[] bound = given.bind("ensure_ascii", "indent", "separators", "sort_keys");
        if (bound[0] != null && TemplateValues.truth(bound[0])) {
            throw TemplateFault.here("tojson with ensure_ascii is not known here");
        }
        boolean lines = bound[1] != null && !(bound[1] instanceof Nothing);
        String indent = lines ? " ".repeat(width(Objects.requireNonNull(bound[1]))) : "";
        if (lines && indent.isEmpty()) {
            throw TemplateFault.here("tojson with an indentation of 0 is not known here");
        }
        boolean separated = bound[2] instanceof List<?> pair && pair.size() == 2;
        String comma = separated ? TemplateValues.text(((List<?>) bound[2]).get(0)) : lines ? "," : ", ";
        String colon = separated ? TemplateValues.text(((List<?>) bound[2]).get(1)) : ": ";
        return ValueText.json(in, indent, comma, colon, bound[3] != null && TemplateValues.truth(bound[3]), run);
    }
}
