package io.tessellate.registry.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.javalin.http.Context;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;

/** Reads the JSON body of an act; an unknown field or another type is refused by name, since a slip must not act. */
final class ActBody {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .build();

    private ActBody() {}

    static <T> T read(Context context, Class<T> type) {
        String body = context.body();
        try {
            return JSON.readValue(body.isBlank() ? "{}" : body, type);
        } catch (JsonProcessingException e) {
            throw new TessellateException(
                    ErrorCode.INVALID_ARGUMENT, "the body is not what openapi.yaml says: " + e.getOriginalMessage(), e);
        }
    }
}
