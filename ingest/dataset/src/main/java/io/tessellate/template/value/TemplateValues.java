package io.tessellate.template.value;

import io.tessellate.template.text.Strings;
import io.tessellate.template.text.TemplateFault;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What Python's built-in types do. A value is a text, {@link Long}, {@link Double}, {@link Boolean}, {@link List}, {@link Map},
 * {@link Nothing}, {@link Undefined}, {@link Function}, {@link Namespace} or {@link LoopState}.
 */
public final class TemplateValues {
    private TemplateValues() {}

    /** A value of a caller's as one of ours. */
    public static Object of(@Nullable Object given) {
        if (given == null) {
            return Nothing.NONE;
        }
        if (given instanceof CharSequence || given instanceof Character) {
            return given.toString();
        }
        if (given instanceof Integer || given instanceof Short || given instanceof Byte) {
            return ((Number) given).longValue();
        }
        if (given instanceof Number number && !(given instanceof Long)) {
            return number.doubleValue();
        }
        if (given instanceof Map<?, ?> map) {
            Map<Object, Object> copy = new LinkedHashMap<>();
            map.forEach((key, value) -> copy.put(of(key), of(value)));
            return copy;
        }
        if (given instanceof Collection<?> list) {
            List<Object> copy = new ArrayList<>();
            list.forEach(element -> copy.add(of(element)));
            return copy;
        }
        return given;
    }

    public static boolean truth(Object value) {
        if (value instanceof Boolean truth) {
            return truth;
        }
        if (value instanceof String text) {
            return !text.isEmpty();
        }
        if (value instanceof Number number) {
            return number.doubleValue() != 0;
        }
        if (value instanceof Collection<?> list) {
            return !list.isEmpty();
        }
        if (value instanceof Map<?, ?> map) {
            return !map.isEmpty();
        }
        return !(value instanceof Nothing) && !(value instanceof Undefined);
    }

    /** The elements that a loop goes through: of a list, the keys of a map, the characters of a text. */
    public static List<Object> elements(Object value, Run run) {
        if (value instanceof Collection<?> list) {
            return new ArrayList<>(list);
        }
        if (value instanceof Map<?, ?> map) {
            return new ArrayList<>(map.keySet());
        }
        if (value instanceof String text) {
            run.make(text.length());
            return new ArrayList<>(
                    text.codePoints().mapToObj(Character::toString).toList());
        }
        if (value instanceof Undefined) {
            return List.of();
        }
        throw TemplateFault.here("%s cannot be gone through", kind(value));
    }

    public static long length(Object value) {
        if (value instanceof String text) {
            return Strings.length(text);
        }
        if (value instanceof Collection<?> list) {
            return list.size();
        }
        if (value instanceof Map<?, ?> map) {
            return map.size();
        }
        if (value instanceof Undefined) {
            return 0;
        }
        throw TemplateFault.here("%s has no length", kind(value));
    }

    public static boolean equal(Object a, Object b, Run run) {
        run.step();
        if (number(a) instanceof Number x && number(b) instanceof Number y) {
            return x instanceof Long && y instanceof Long ? x.equals(y) : x.doubleValue() == y.doubleValue();
        }
        if (a instanceof Undefined || b instanceof Undefined) {
            return a instanceof Undefined && b instanceof Undefined;
        }
        if (a instanceof List<?> x && b instanceof List<?> y) {
            if (x.size() != y.size() || x instanceof Tuple != y instanceof Tuple) {
                return false;
            }
            for (int i = 0; i < x.size(); i++) {
                if (!equal(x.get(i), y.get(i), run)) {
                    return false;
                }
            }
            return true;
        }
        if (a instanceof Map<?, ?> x && b instanceof Map<?, ?> y) {
            return x.size() == y.size()
                    && x.entrySet().stream()
                            .allMatch(entry -> y.containsKey(entry.getKey())
                                    && equal(entry.getValue(), Objects.requireNonNull(y.get(entry.getKey())), run));
        }
        return a.equals(b);
    }

    /** Less than 0, 0 or more than 0; refused for what has no order. */
    public static int compare(Object a, Object b) {
        if (number(a) instanceof Number x && number(b) instanceof Number y) {
            return x instanceof Long && y instanceof Long
                    ? Long.compare(x.longValue(), y.longValue())
                    : Double.compare(x.doubleValue(), y.doubleValue());
        }
        if (a instanceof String x && b instanceof String y) {
            return comparePoints(x, y);
        }
        throw TemplateFault.here("%s and %s have no order", kind(a), kind(b));
    }

    private static int comparePoints(String a, String b) {
        int[] x = a.codePoints().toArray();
        int[] y = b.codePoints().toArray();
        return java.util.Arrays.compare(x, y);
    }

    public static boolean contains(Object holder, Object value, Run run) {
        if (holder instanceof String text) {
            if (!(value instanceof String part)) {
                throw TemplateFault.here("only a text can be in a text, not %s", kind(value));
            }
            run.make(text.length() / 16);
            return text.contains(part);
        }
        if (holder instanceof Map<?, ?> map) {
            return map.containsKey(value);
        }
        return elements(holder, run).stream().anyMatch(element -> equal(element, value, run));
    }

    /** A truth value as the number it is in Python; else the value. */
    public static Object number(Object value) {
        return value instanceof Boolean truth ? (Object) (truth ? 1L : 0L) : value;
    }

    /** A whole number that has to fit an index. */
    public static int index(Object value) {
        if (number(value) instanceof Long whole) {
            return (int) Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, whole));
        }
        throw TemplateFault.here("a whole number is needed, not %s", kind(value));
    }

    /** A text; refused for anything else. */
    public static String text(Object value) {
        if (value instanceof String text) {
            return text;
        }
        throw TemplateFault.here("a text is needed, not %s", kind(value));
    }

    /** What Python calls the type, for messages. */
    public static String kind(Object value) {
        if (value instanceof Undefined undefined) {
            return undefined.what() + ", which is undefined,";
        }
        if (value instanceof String text) {
            return "the text '%s'".formatted(text.length() > 40 ? text.substring(0, 40) + "…" : text);
        }
        if (value instanceof Tuple || value instanceof List) {
            return "a list";
        }
        if (value instanceof Map) {
            return "a map";
        }
        if (value instanceof Nothing) {
            return "none";
        }
        return value instanceof Number || value instanceof Boolean ? "the value " + value : "a function";
    }
}
