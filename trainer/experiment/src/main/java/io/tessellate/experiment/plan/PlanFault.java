package io.tessellate.experiment.plan;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.PropertyBindingException;
import io.tessellate.error.TessellateException;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/** What is wrong with a plan, by the field it is wrong with, in our words and not the parser's. */
final class PlanFault {
    private PlanFault() {}

    static String of(JsonProcessingException e) {
        if (e instanceof PropertyBindingException unknown) {
            Collection<Object> known = unknown.getKnownPropertyIds();
            return "field '%s' is unknown; known are %s"
                    .formatted(
                            path(unknown),
                            known == null
                                    ? List.of()
                                    : known.stream()
                                            .map(String::valueOf)
                                            .sorted()
                                            .toList());
        }
        if (e instanceof InvalidFormatException wrong) {
            return "field '%s' holds '%s', not %s"
                    .formatted(path(wrong), wrong.getValue(), kind(wrong.getTargetType()));
        }
        if (e instanceof MismatchedInputException wrong) {
            return path(wrong).isEmpty()
                    ? "the plan must be a map of fields"
                    : "field '%s' is missing, or is not %s".formatted(path(wrong), kind(wrong.getTargetType()));
        }
        if (e instanceof JsonMappingException refused) {
            Throwable cause = refused.getCause();
            boolean ours = cause instanceof IllegalArgumentException || cause instanceof TessellateException;
            return ours ? String.valueOf(cause.getMessage()) : "field '%s' cannot be used".formatted(path(refused));
        }
        JsonLocation at = e.getLocation();
        return at == null
                ? "this is not YAML"
                : "line %d, column %d: this is not YAML".formatted(at.getLineNr(), at.getColumnNr());
    }

    /** The way to the field, without what stands for a place in a list. */
    private static String path(JsonMappingException e) {
        return e.getPath().stream()
                .map(JsonMappingException.Reference::getFieldName)
                .filter(Objects::nonNull)
                .collect(Collectors.joining("."));
    }

    private static String kind(Class<?> type) {
        if (type.isEnum()) {
            return "one of " + Arrays.toString(type.getEnumConstants());
        }
        if (Collection.class.isAssignableFrom(type)) {
            return "a list";
        }
        if (Number.class.isAssignableFrom(type) || type.isPrimitive() && type != boolean.class) {
            return "a number";
        }
        if (type == String.class) {
            return "a text";
        }
        return type == boolean.class || type == Boolean.class ? "true or false" : "a map of fields";
    }
}
