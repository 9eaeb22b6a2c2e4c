package io.tessellate.engine.train;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Takes a recipe's fields out of loosely typed values, each exactly once, and refuses what breaks a rule. */
final class RecipeFields {
    private final Map<String, Object> values;
    private final Set<String> unread;

    RecipeFields(Map<String, ?> defaults, Map<String, ?> given) {
        values = new HashMap<>(defaults);
        values.putAll(given);
        unread = new TreeSet<>(given.keySet());
    }

    double real(String name, Range range) {
        double value = number(name).doubleValue();
        if (!range.contains(value)) {
            throw invalid(name, value, range.rule());
        }
        return value;
    }

    int whole(String name, Range range) {
        double value = real(name, range);
        if (value != Math.rint(value) || value > Integer.MAX_VALUE) {
            throw invalid(name, value, "must be a whole number");
        }
        return (int) value;
    }

    long seed(String name) {
        Number value = number(name);
        if (value.doubleValue() != Math.rint(value.doubleValue())) {
            throw invalid(name, value, "must be a whole number");
        }
        return value.longValue();
    }

    <E extends Enum<E>> E choice(String name, E[] choices) {
        Object value = take(name);
        return Arrays.stream(choices)
                .filter(choice -> label(choice).equals(value))
                .findFirst()
                .orElseThrow(() -> invalid(
                        name,
                        value,
                        "must be one of "
                                + Arrays.stream(choices)
                                        .map(RecipeFields::label)
                                        .collect(Collectors.joining(", "))));
    }

    static String label(Enum<?> choice) {
        return choice.name().toLowerCase(Locale.ROOT);
    }

    /** Refuses given fields that nobody asked for. */
    void requireAllRead(Set<String> known) {
        if (!unread.isEmpty()) {
            String name = unread.iterator().next();
            throw invalid(name, values.get(name), "is no field of a recipe; known are " + new TreeSet<>(known));
        }
    }

    private Number number(String name) {
        if (take(name) instanceof Number number) {
            return number;
        }
        throw invalid(name, values.get(name), "must be a number");
    }

    Object take(String name) {
        unread.remove(name);
        Object value = values.get(name);
        if (value == null) {
            throw new IllegalStateException("recipe field " + name + " has no default");
        }
        return value;
    }

    static TessellateException invalid(String name, Object value, String rule) {
        return new TessellateException(
                ErrorCode.INVALID_RECIPE, "recipe field '%s' is %s but %s".formatted(name, value, rule));
    }
}
