package io.tessellate.evaluator.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.lineage.log.Author;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** Bodies of requests: one JSON object of known fields, or nothing. */
final class Bodies {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private Bodies() {}

    static <T> T read(String text, Class<T> type, T empty) {
        if (text.isBlank()) {
            return empty;
        }
        try {
            T body = JSON.readValue(text, type);
            if (body != null) {
                return body;
            }
        } catch (JsonProcessingException e) {
            throw new TessellateException(
                    ErrorCode.INVALID_ARGUMENT,
                    "the body is no JSON object of known fields: " + e.getOriginalMessage(),
                    e);
        }
        throw new TessellateException(ErrorCode.INVALID_ARGUMENT, "the body is null, not a JSON object");
    }

    static OptionalInt optional(@Nullable Integer value) {
        return value == null ? OptionalInt.empty() : OptionalInt.of(value);
    }

    /** Whoever calls himself something stands beside the token, which is all that anybody vouches for. */
    static Author author(@Nullable String who, @Nullable String why, String token) {
        String asker = who == null || who.isBlank() ? token : "%s (%s)".formatted(who, token);
        return new Author(asker, why == null ? "" : why);
    }
}
