package io.tessellate.template.value;

import io.tessellate.template.text.Strings;
import io.tessellate.template.text.TemplateFault;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What values have by name, by key and by place. */
public final class Attributes {
    private static final Set<String> CHANGING = Set.of(
            "append",
            "extend",
            "insert",
            "remove",
            "pop",
            "clear",
            "update",
            "setdefault",
            "popitem",
            "sort",
            "reverse");

    private Attributes() {}

    /** {@code value.name}: a method before a map's key, as in Jinja. */
    public static Object named(Object value, String name) {
        if (value instanceof Undefined undefined) {
            throw undefined.fault();
        }
        if (value instanceof LoopState loop) {
            return loop.named(name);
        }
        if (value instanceof Namespace namespace) {
            Object found = namespace.values().get(name);
            return found == null ? missing(name) : found;
        }
        if (name.startsWith("__")) {
            throw TemplateFault.here("'%s' is out of a template's reach", name);
        }
        if (value instanceof String text) {
            return StringMethods.of(text, name);
        }
        boolean holder = value instanceof Map || value instanceof List;
        if (holder && CHANGING.contains(name) && !(value instanceof Map<?, ?> map && map.containsKey(name))) {
            throw TemplateFault.here("'%s' would change a value, which a template must not", name);
        }
        if (value instanceof Map<?, ?> map) {
            return method(map, name);
        }
        return value instanceof List<?> list ? method(list, name) : missing(name);
    }

    private static Undefined missing(String name) {
        return new Undefined("'" + name + "'");
    }

    private static Object method(Map<?, ?> map, String name) {
        return switch (name) {
            case "items" -> (Function) (arguments, run) -> items(map, run);
            case "keys" -> (Function) (arguments, run) -> new ArrayList<Object>(map.keySet());
            case "values" -> (Function) (arguments, run) -> new ArrayList<Object>(map.values());
            case "copy" -> (Function) (arguments, run) -> new LinkedHashMap<Object, Object>(map);
            case "get" ->
                (Function) (arguments, run) -> {
                    @Nullable Object[] given = arguments.bind("key", "default");
                    Object found = given[0] == null ? null : map.get(given[0]);
                    return found != null ? found : given[1] == null ? Nothing.NONE : given[1];
                };
            default -> {
                Object found = map.get(name);
                yield found == null ? missing(name) : found;
            }
        };
    }

    /** Keys with their values. */
    public static List<Object> items(Map<?, ?> map, Run run) {
        run.make(2L * map.size());
        List<Object> items = new ArrayList<>();
        map.forEach((key, value) -> items.add(new Tuple(List.of(key, value))));
        return items;
    }

    private static Object method(List<?> list, String name) {
        return switch (name) {
            case "index" ->
                (Function) (arguments, run) -> {
                    Object wanted = arguments.only("value");
                    for (int i = 0; i < list.size(); i++) {
                        if (TemplateValues.equal(list.get(i), wanted, run)) {
                            return (long) i;
                        }
                    }
                    throw TemplateFault.here("%s is not in the list", TemplateValues.kind(wanted));
                };
            case "count" ->
                (Function) (arguments, run) -> {
                    Object wanted = arguments.only("value");
                    return list.stream()
                            .filter(element -> TemplateValues.equal(element, wanted, run))
                            .count();
                };
            default -> missing(name);
        };
    }

    /** {@code value[key]}: a key or a place; for a text as key, then what has that name. */
    public static Object at(Object value, Object key) {
        if (value instanceof Undefined undefined) {
            throw undefined.fault();
        }
        if (value instanceof Map<?, ?> map && map.get(key) != null) {
            return map.get(key);
        }
        if (key instanceof String name) {
            return named(value, name);
        }
        boolean counted = value instanceof List || value instanceof String;
        if (!counted || !(TemplateValues.number(key) instanceof Long whole)) {
            return new Undefined("an element that is not there");
        }
        long size = TemplateValues.length(value);
        long place = whole < 0 ? whole + size : whole;
        if (place < 0 || place >= size) {
            return new Undefined("element %d of %d".formatted(whole, size));
        }
        return value instanceof List<?> list ? list.get((int) place) : Strings.at((String) value, (int) place);
    }

    /** {@code value[from:to:step]} by Python's rules. */
    public static Object slice(Object value, @Nullable Integer from, @Nullable Integer to, int step, Run run) {
        if (value instanceof Undefined undefined) {
            throw undefined.fault();
        }
        if (step == 0 || !(value instanceof List || value instanceof String)) {
            throw TemplateFault.here("a step of 0, or %s, cannot be cut into slices", TemplateValues.kind(value));
        }
        List<Object> all = TemplateValues.elements(value, run);
        int size = all.size();
        long place = bound(from, size, step, step > 0 ? 0 : size - 1);
        long end = bound(to, size, step, step > 0 ? size : -1);
        List<Object> some = new ArrayList<>();
        for (; step > 0 ? place < end : place > end; place += step) {
            some.add(all.get((int) place));
        }
        if (value instanceof Tuple) {
            return new Tuple(some);
        }
        return value instanceof List
                ? some
                : run.made(String.join("", some.stream().map(String.class::cast).toList()));
    }

    private static int bound(@Nullable Integer given, int size, int step, int usual) {
        if (given == null) {
            return usual;
        }
        long counted = given < 0 ? (long) given + size : given;
        return (int) (step > 0 ? Math.max(0, Math.min(size, counted)) : Math.max(-1, Math.min(size - 1L, counted)));
    }
}
