package io.tessellate.engine.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.StorageFailure;
import io.tessellate.error.TessellateException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The fields of a {@code config.json}. Whatever the engine cannot run is refused with UNSUPPORTED_MODEL, naming field,
 * value and what is known.
 *
 * @param file for messages
 * @param json the object
 */
record ConfigFields(Path file, JsonNode json) {
    static ConfigFields read(Path file) {
        try {
            return new ConfigFields(file, new ObjectMapper().readTree(Files.readAllBytes(file)));
        } catch (JsonProcessingException e) {
            throw new TessellateException(
                    ErrorCode.MALFORMED_FILE, "%s is not JSON: %s".formatted(file, e.getOriginalMessage()), e);
        } catch (IOException e) {
            throw StorageFailure.of(file + " cannot be read", e);
        }
    }

    /** The fields of an object in a field; empty if there is none. */
    ConfigFields object(String field) {
        return new ConfigFields(file, json.path(field));
    }

    boolean has(String field) {
        return json.hasNonNull(field);
    }

    int integer(String field) {
        JsonNode value = json.path(field);
        if (!value.isInt()) {
            throw unsupported("%s must be an integer, not %s".formatted(field, value));
        }
        return value.intValue();
    }

    int integer(String field, int absent) {
        return has(field) ? integer(field) : absent;
    }

    double decimal(String field, double absent) {
        if (has(field) && !json.path(field).isNumber()) {
            throw unsupported("%s must be a number, not %s".formatted(field, json.path(field)));
        }
        return json.path(field).asDouble(absent);
    }

    String text(String field, String absent) {
        return json.path(field).asText(absent);
    }

    boolean truth(String field, boolean absent) {
        return json.path(field).asBoolean(absent);
    }

    /** Refuses any value but one; an absent field has it. */
    void require(String field, String supported) {
        String value = text(field, supported);
        if (!value.equals(supported)) {
            throw unsupported("%s '%s' is not supported; known is %s".formatted(field, value, supported));
        }
    }

    /** Refuses the other value; an absent field has this one. */
    void require(String field, boolean supported) {
        if (truth(field, supported) != supported) {
            throw unsupported("%s must be %s: nothing else is supported".formatted(field, supported));
        }
    }

    /** The activation of a feed-forward block without a gate. */
    Activation activation(String field, String absent) {
        String name = text(field, absent);
        return switch (name) {
            case "gelu" -> Activation.GELU;
            case "gelu_new", "gelu_pytorch_tanh" -> Activation.TANH_GELU;
            case "relu" -> Activation.RELU;
            default ->
                throw unsupported("%s '%s' is not supported; known are %s"
                        .formatted(field, name, List.of("gelu", "gelu_new", "gelu_pytorch_tanh", "relu")));
        };
    }

    /** The head of a model that predicts tokens. */
    Architecture.Output output(boolean absent) {
        return truth("tie_word_embeddings", absent) ? Architecture.Output.TIED : Architecture.Output.OWN;
    }

    /** The padding token; models that name none never see it. */
    int padToken(int absent) {
        return Math.max(0, integer("pad_token_id", absent));
    }

    TessellateException unsupported(String problem) {
        return new TessellateException(ErrorCode.UNSUPPORTED_MODEL, "%s: %s".formatted(file, problem));
    }
}
