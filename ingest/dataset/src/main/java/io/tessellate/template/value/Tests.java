package io.tessellate.template.value;

import static java.util.Map.entry;

import io.tessellate.template.text.TemplateFault;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;

/** Tests by name: what may stand behind {@code is}. */
public final class Tests {
    /** Whether something holds of a value. */
    @FunctionalInterface
    public interface Test {
        boolean holds(Object value, Arguments given, Run run);
    }

    private static final Map<String, Test> ALL = Map.ofEntries(
            entry("boolean", (value, given, run) -> value instanceof Boolean),
            entry("callable", (value, given, run) -> value instanceof Function),
            entry("defined", (value, given, run) -> !(value instanceof Undefined)),
            entry(
                    "divisibleby",
                    (value, given, run) -> TemplateValues.index(value) % TemplateValues.index(given.only("num")) == 0),
            entry("eq", (value, given, run) -> TemplateValues.equal(value, given.only("other"), run)),
            entry("equalto", (value, given, run) -> TemplateValues.equal(value, given.only("other"), run)),
            entry("even", (value, given, run) -> TemplateValues.index(value) % 2 == 0),
            entry("false", (value, given, run) -> value.equals(false)),
            entry("float", (value, given, run) -> value instanceof Double),
            entry("ge", (value, given, run) -> TemplateValues.compare(value, given.only("other")) >= 0),
            entry("gt", (value, given, run) -> TemplateValues.compare(value, given.only("other")) > 0),
            entry("greaterthan", (value, given, run) -> TemplateValues.compare(value, given.only("other")) > 0),
            entry("in", (value, given, run) -> TemplateValues.contains(given.only("seq"), value, run)),
            entry("integer", (value, given, run) -> value instanceof Long),
            entry("iterable", (value, given, run) -> sized(value) || value instanceof Undefined),
            entry("le", (value, given, run) -> TemplateValues.compare(value, given.only("other")) <= 0),
            entry("lessthan", (value, given, run) -> TemplateValues.compare(value, given.only("other")) < 0),
            entry("lower", (value, given, run) -> isCase(ValueText.of(value, run), false)),
            entry("lt", (value, given, run) -> TemplateValues.compare(value, given.only("other")) < 0),
            entry("mapping", (value, given, run) -> value instanceof Map),
            entry("ne", (value, given, run) -> !TemplateValues.equal(value, given.only("other"), run)),
            entry("none", (value, given, run) -> value instanceof Nothing),
            entry("number", (value, given, run) -> value instanceof Number || value instanceof Boolean),
            entry("odd", (value, given, run) -> TemplateValues.index(value) % 2 != 0),
            entry("sameas", (value, given, run) -> same(value, given.only("other"))),
            entry("sequence", (value, given, run) -> sized(value) || value instanceof Undefined),
            entry("string", (value, given, run) -> value instanceof String),
            entry("true", (value, given, run) -> value.equals(true)),
            entry("undefined", (value, given, run) -> value instanceof Undefined),
            entry("upper", (value, given, run) -> isCase(ValueText.of(value, run), true)));

    private Tests() {}

    public static boolean known(String name) {
        return ALL.containsKey(name);
    }

    public static Test named(String name, int at) {
        Test test = ALL.get(name);
        if (test == null) {
            throw new TemplateFault(at, "the test '%s' is not known here", name);
        }
        return test;
    }

    private static boolean sized(Object value) {
        return value instanceof String || value instanceof Collection || value instanceof Map;
    }

    private static boolean same(Object a, Object b) {
        boolean simple = a instanceof Boolean || a instanceof Nothing || a instanceof Long || a instanceof String;
        return a == b || simple && a.equals(b);
    }

    private static boolean isCase(String text, boolean upper) {
        boolean cased = text.codePoints().anyMatch(p -> Character.isUpperCase(p) || Character.isLowerCase(p));
        return cased && text.equals(upper ? text.toUpperCase(Locale.ROOT) : text.toLowerCase(Locale.ROOT));
    }
}
