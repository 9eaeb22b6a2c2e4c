package io.tessellate.dataset.folder;

import com.fasterxml.jackson.databind.JsonNode;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.event.Decoding;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The field {@code decoding} of a {@code meta.json}: an object with the fields of a manifest's. */
final class DecodingField {
    private static final List<String> KNOWN = List.of("temperature", "topK", "topP", "seed", "maxNewTokens");

    private DecodingField() {}

    /** As it is given; INVALID_MANIFEST if it is unknown in part or of another type. */
    static Decoding read(JsonNode field) {
        require(field.isObject(), "decoding must be an object: " + field);
        field.fieldNames()
                .forEachRemaining(name ->
                        require(KNOWN.contains(name), "decoding.%s is unknown; known are %s".formatted(name, KNOWN)));
        return new Decoding(
                real(field, "temperature"),
                whole(field, "topK", JsonNode::canConvertToInt, JsonNode::intValue),
                real(field, "topP"),
                whole(field, "seed", JsonNode::canConvertToLong, JsonNode::longValue),
                whole(field, "maxNewTokens", JsonNode::canConvertToInt, JsonNode::intValue));
    }

    private static @Nullable Double real(JsonNode field, String name) {
        JsonNode value = field.path(name);
        require(given(value) == value.isNumber(), "decoding.%s must be a number: %s".formatted(name, value));
        return given(value) ? value.doubleValue() : null;
    }

    private static <T> @Nullable T whole(
            JsonNode field, String name, Predicate<JsonNode> fits, Function<JsonNode, T> read) {
        JsonNode value = field.path(name);
        require(
                !given(value) || value.isIntegralNumber() && fits.test(value),
                "decoding.%s must be a whole number: %s".formatted(name, value));
        return given(value) ? read.apply(value) : null;
    }

    private static boolean given(JsonNode value) {
        return !value.isMissingNode() && !value.isNull();
    }

    private static void require(boolean holds, String rule) {
        if (!holds) {
            throw new TessellateException(ErrorCode.INVALID_MANIFEST, rule);
        }
    }
}
