package io.tessellate.template.value;

import io.tessellate.template.text.TemplateFault;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a call is given.
 *
 * @param positional by place
 * @param named by name
 */
public record Arguments(List<Object> positional, Map<String, Object> named) {
    static final Arguments NONE = new Arguments(List.of(), Map.of());

    /**
     * The arguments by a function's parameters.
     *
     * @param parameters their names in order
     * @return the arguments in that order, null where none is given
     */
    @Nullable
    public Object[] bind(String... parameters) {
        if (positional.size() > parameters.length) {
            throw TemplateFault.here(
                    "%d arguments are given, taken are %s", positional.size(), Arrays.toString(parameters));
        }
        @Nullable Object[] bound = Arrays.copyOf(positional.toArray(), parameters.length);
        named.forEach((name, value) -> {
            int place = Arrays.asList(parameters).indexOf(name);
            if (place < 0 || bound[place] != null) {
                throw TemplateFault.here(
                        "argument '%s' is unknown or given twice; known are %s", name, Arrays.toString(parameters));
            }
            bound[place] = value;
        });
        return bound;
    }

    /** The one argument that has to be there. */
    public Object only(String parameter) {
        Object value = bind(parameter)[0];
        if (value == null) {
            throw TemplateFault.here("argument '%s' is missing", parameter);
        }
        return value;
    }

    /** Without the first, which is returned by {@link #first()}. */
    public Arguments rest() {
        return new Arguments(positional.subList(1, positional.size()), named);
    }

    public Object first() {
        if (positional.isEmpty()) {
            throw TemplateFault.here("an argument is missing");
        }
        return positional.get(0);
    }

    /** As a map of the named ones, above what a single map holds. */
    public Map<Object, Object> asMap() {
        Map<Object, Object> map = new LinkedHashMap<>();
        if (!positional.isEmpty()) {
            if (positional.size() > 1 || !(positional.get(0) instanceof Map<?, ?> given)) {
                throw TemplateFault.here("only a map or arguments by name can be taken here");
            }
            map.putAll(given);
        }
        map.putAll(named);
        return map;
    }
}
