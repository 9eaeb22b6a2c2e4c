package io.tessellate.template.value;

import static java.util.Map.entry;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Filters of lists. */
final class ListFilters {
    static final Map<String, Filters.Filter> ALL = Map.ofEntries(
            entry("count", (in, given, run) -> TemplateValues.length(in)),
            entry("first", (in, given, run) -> end(in, true, run)),
            entry("last", (in, given, run) -> end(in, false, run)),
            entry("length", (in, given, run) -> TemplateValues.length(in)),
            entry("list", (in, given, run) -> TemplateValues.elements(in, run)),
            entry("map", ListFilters::mapped),
            entry("max", (in, given, run) -> extreme(in, 1, run)),
            entry("min", (in, given, run) -> extreme(in, -1, run)),
            entry("reject", (in, given, run) -> selected(in, given, false, false, run)),
            entry("rejectattr", (in, given, run) -> selected(in, given, true, false, run)),
            entry("reverse", ListFilters::reversed),
            entry("select", (in, given, run) -> selected(in, given, false, true, run)),
            entry("selectattr", (in, given, run) -> selected(in, given, true, true, run)),
            entry("sort", ListFilters::sorted),
            entry("sum", ListFilters::sum),
            entry("unique", ListFilters::unique));

    private ListFilters() {}

    /** What lies at the end of a way of names and numbers with dots between. */
    static Object way(Object element, Object way) {
        Object value = element;
        if (way instanceof Long) {
            return Attributes.at(element, way);
        }
        for (String step : TemplateValues.text(way).split("\\.")) {
            boolean number = !step.isEmpty() && step.codePoints().allMatch(Character::isDigit) && step.length() < 10;
            value = Attributes.at(value, number ? (Object) Long.parseLong(step) : step);
        }
        return value;
    }

    /** What texts are ordered by: their letters, small unless case counts. */
    static Object key(Object value, boolean exact) {
        return value instanceof String text && !exact ? text.toLowerCase(Locale.ROOT) : value;
    }

    private static Object end(Object in, boolean first, Run run) {
        List<Object> all = TemplateValues.elements(in, run);
        return all.isEmpty() ? new Undefined("an element of an empty list") : all.get(first ? 0 : all.size() - 1);
    }

    private static Object mapped(Object in, Arguments given, Run run) {
        List<Object> results = new ArrayList<>();
        Object attribute = given.named().get("attribute");
        for (Object element : TemplateValues.elements(in, run)) {
            run.step();
            if (attribute == null) {
                results.add(Filters.named(TemplateValues.text(given.first()), run.place())
                        .apply(element, given.rest(), run));
            } else {
                Object value = way(element, attribute);
                Object usual = given.named().get("default");
                results.add(value instanceof Undefined && usual != null ? usual : value);
            }
        }
        return results;
    }

    private static Object selected(Object in, Arguments given, boolean attribute, boolean wanted, Run run) {
        List<Object> results = new ArrayList<>();
        Arguments test = attribute ? given.rest() : given;
        for (Object element : TemplateValues.elements(in, run)) {
            run.step();
            Object value = attribute ? way(element, given.first()) : element;
            boolean holds = test.positional().isEmpty()
                    ? TemplateValues.truth(value)
                    : Tests.named(TemplateValues.text(test.first()), run.place())
                            .holds(value, test.rest(), run);
            if (holds == wanted) {
                results.add(element);
            }
        }
        return results;
    }

    private static Object reversed(Object in, Arguments given, Run run) {
        List<Object> all = TemplateValues.elements(in, run);
        List<Object> reversed = new ArrayList<>(all);
        Collections.reverse(reversed);
        return in instanceof String
                ? run.made(String.join(
                        "", reversed.stream().map(String.class::cast).toList()))
                : reversed;
    }

    private static Object sorted(Object in, Arguments given, Run run) {
        @Nullable Object[] bound = given.bind("reverse", "case_sensitive", "attribute");
        boolean exact = bound[1] != null && TemplateValues.truth(bound[1]);
        List<Object> sorted = new ArrayList<>(TemplateValues.elements(in, run));
        Object attribute = bound[2];
        boolean backwards = bound[0] != null && TemplateValues.truth(bound[0]);
        sorted.sort((a, b) -> {
            run.step();
            Object x = attribute == null ? a : way(a, attribute);
            Object y = attribute == null ? b : way(b, attribute);
            int order = TemplateValues.compare(key(x, exact), key(y, exact));
            return backwards ? -order : order;
        });
        return sorted;
    }

    private static Object sum(Object in, Arguments given, Run run) {
        @Nullable Object[] bound = given.bind("attribute", "start");
        Object sum = bound[1] == null ? 0L : bound[1];
        for (Object element : TemplateValues.elements(in, run)) {
            sum = BinaryOperators.apply("+", sum, bound[0] == null ? element : way(element, bound[0]), run);
        }
        return sum;
    }

    private static Object extreme(Object in, int sign, Run run) {
        Object best = null;
        for (Object element : TemplateValues.elements(in, run)) {
            best = best == null || TemplateValues.compare(key(element, false), key(best, false)) * sign > 0
                    ? element
                    : best;
        }
        return best == null ? new Undefined("an element of an empty list") : best;
    }

    private static Object unique(Object in, Arguments given, Run run) {
        @Nullable Object[] bound = given.bind("case_sensitive", "attribute");
        boolean exact = bound[0] != null && TemplateValues.truth(bound[0]);
        List<Object> keys = new ArrayList<>();
        List<Object> results = new ArrayList<>();
        for (Object element : TemplateValues.elements(in, run)) {
            Object key = key(bound[1] == null ? element : way(element, bound[1]), exact);
            if (keys.stream().noneMatch(seen -> TemplateValues.equal(seen, key, run))) {
                keys.add(key);
                results.add(element);
            }
        }
        return results;
    }
}
