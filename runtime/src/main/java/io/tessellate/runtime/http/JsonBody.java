package io.tessellate.runtime.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;

/** The body of a request that says how something is to be done: one JSON object of known fields, each once, or nothing. */
public final class JsonBody {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private JsonBody() {}

    /** What a body says; nothing at all is an object without fields. INVALID_ARGUMENT for anything else. */
    public static <T> T read(String text, Class<T> type) {
        try {
            T read = JSON.readValue(text.isBlank() ? "{}" : text, type);
            if (read != null) {
                return read;
            }
        } catch (JsonProcessingException e) {
            throw new TessellateException(
                    ErrorCode.INVALID_ARGUMENT,
                    "the body is no JSON object of known fields: " + e.getOriginalMessage(),
                    e);
        }
        throw new TessellateException(ErrorCode.INVALID_ARGUMENT, "the body is null, not a JSON object");
    }
}
