package io.tessellate.predictor.topic;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.file.JsonText;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A record's value where it is a JSON object. */
final class JsonRecord {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private JsonRecord() {}

    /** Its fields; empty where the value is none of JSON but begins as Avro in Confluent's wire format does, or is not there. */
    static Optional<Map<String, @Nullable Object>> fields(byte @Nullable [] value) {
        return value == null || value.length == 0 || value[0] == 0 ? Optional.empty() : Optional.of(parsed(value));
    }

    private static Map<String, @Nullable Object> parsed(byte[] value) {
        try {
            Map<String, @Nullable Object> fields = JSON.readValue(value, new TypeReference<>() {});
            if (fields != null) {
                return fields;
            }
        } catch (JsonProcessingException e) {
            String text = new String(value, UTF_8);
            throw new TessellateException(
                    ErrorCode.UNDECODABLE,
                    "the value begins neither with Confluent's header nor is it a JSON object: " + JsonText.fault(text),
                    e);
        } catch (IOException e) {
            throw new TessellateException(ErrorCode.UNDECODABLE, "the value cannot be read", e);
        }
        throw new TessellateException(ErrorCode.UNDECODABLE, "the value is null, not a JSON object");
    }
}
