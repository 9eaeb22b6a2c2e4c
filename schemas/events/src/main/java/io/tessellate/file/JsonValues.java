package io.tessellate.file;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** JSON as plain values: maps, lists, texts, numbers, truth values and null. */
final class JsonValues {
    private JsonValues() {}

    /** The fields of an object in their order. */
    static Map<String, @Nullable Object> of(ObjectNode object) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        object.properties().forEach(field -> fields.put(field.getKey(), value(field.getValue())));
        return fields;
    }

    private static @Nullable Object value(JsonNode node) {
        if (node instanceof ObjectNode object) {
            return of(object);
        }
        if (node.isArray()) {
            List<@Nullable Object> list = new ArrayList<>();
            node.forEach(element -> list.add(value(element)));
            return list;
        }
        if (node.isNumber()) {
            return node.canConvertToLong() && node.isIntegralNumber() ? (Object) node.longValue() : node.numberValue();
        }
        return node.isNull() ? null : node.isBoolean() ? (Object) node.booleanValue() : node.textValue();
    }

    /** What no parser objects to and is no value all the same; empty if there is nothing of the kind. */
    static Optional<String> fault(JsonNode node) {
        return fault("", node);
    }

    private static Optional<String> fault(String field, JsonNode node) {
        if (node.isTextual()) {
            return half(field, node.textValue());
        }
        if (node.isFloatingPointNumber() && !Double.isFinite(node.doubleValue())) {
            return Optional.of(named(field) + "holds a number too large for any type of number");
        }
        if (node instanceof ObjectNode object) {
            return object.properties().stream()
                    .flatMap(entry ->
                            half(entry.getKey(), entry.getKey())
                                    .or(() -> fault(entry.getKey(), entry.getValue()))
                                    .stream())
                    .findFirst();
        }
        for (JsonNode element : node) {
            Optional<String> found = fault(field, element);
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    private static String named(String field) {
        return field.isEmpty() ? "it " : "field '%s' ".formatted(field);
    }

    private static Optional<String> half(String field, String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean pair = Character.isHighSurrogate(c)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1));
            if (!pair && Character.isSurrogate(c)) {
                return Optional.of("%sholds \\u%04x, half of a surrogate pair, which is no character"
                        .formatted(named(field), (int) c));
            }
            i += pair ? 1 : 0;
        }
        return Optional.empty();
    }
}
