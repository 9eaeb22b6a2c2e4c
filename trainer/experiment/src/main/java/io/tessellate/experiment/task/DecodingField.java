package io.tessellate.experiment.task;

import com.fasterxml.jackson.databind.JsonNode;
import io.tessellate.dataset.manifest.Decoding;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The field {@code decoding} of a {@code meta.json}: an object with the fields of a manifest's. */
final class DecodingField {
    private static final List<String> KNOWN = List.of("temperature", "topK", "topP", "seed", "maxNewTokens");

    private DecodingField() {}

    /** Greedy if there is none; INVALID_MANIFEST with the folder if it is unknown in part or breaks a rule. */
    static Decoding read(JsonNode meta, Path folder) {
        JsonNode field = meta.path("decoding");
        try {
            return field.isMissingNode() ? Decoding.GREEDY : decoding(field);
        } catch (TessellateException e) {
            throw new TessellateException(e.code(), "%s: %s".formatted(folder, e.getMessage()), e);
        }
    }

    private static Decoding decoding(JsonNode field) {
        require(field.isObject(), "decoding must be an object: " + field);
        field.fieldNames()
                .forEachRemaining(name ->
                        require(KNOWN.contains(name), "decoding.%s is unknown; known are %s".formatted(name, KNOWN)));
        return Decoding.of(
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
