package io.tessellate.engine.model.family;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.tessellate.engine.model.config.Activation;
import io.tessellate.engine.model.config.Architecture;
import io.tessellate.engine.model.config.JsonFile;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.nio.file.Path;
import java.util.List;

/**
 * The fields of a {@code config.json}. Whatever the engine cannot run is refused with UNSUPPORTED_MODEL, naming field,
 * value and what is known.
 *
 * @param file for messages
 * @param within names of the objects it lies in, each with a point behind; empty for the file's own fields
 * @param json the object
 */
record ConfigFields(Path file, String within, JsonNode json) {
    static ConfigFields read(Path file) {
        return new ConfigFields(file, "", JsonFile.object(file));
    }

    /** The fields of an object in a field; empty if there is none. */
    ConfigFields object(String field) {
        if (!has(field)) {
            return new ConfigFields(file, path(field) + ".", JsonNodeFactory.instance.objectNode());
        }
        JsonNode value = json.get(field);
        if (!value.isObject()) {
            throw unsupported("%s must be an object, not %s".formatted(path(field), value));
        }
        return new ConfigFields(file, path(field) + ".", value);
    }

    /** A field's name with those of the objects around it. */
    String path(String field) {
        return within + field;
    }

    boolean isEmpty() {
        return json.isEmpty();
    }

    boolean has(String field) {
        return json.hasNonNull(field);
    }

    /** Whether the field is there, be it null. */
    boolean mentions(String field) {
        return json.has(field);
    }

    int integer(String field) {
        JsonNode value = required(field);
        if (!value.isInt()) {
            throw unsupported("%s must be an integer, not %s".formatted(path(field), value));
        }
        return value.intValue();
    }

    private JsonNode required(String field) {
        if (!has(field)) {
            throw unsupported("%s is missing".formatted(path(field)));
        }
        return json.get(field);
    }

    int integer(String field, int absent) {
        return has(field) ? integer(field) : absent;
    }

    double decimal(String field, double absent) {
        if (has(field) && !json.path(field).isNumber()) {
            throw unsupported("%s must be a number, not %s".formatted(path(field), json.path(field)));
        }
        return has(field) ? json.get(field).doubleValue() : absent;
    }

    /** A number above 0 that has to be there. */
    double positive(String field) {
        JsonNode value = required(field);
        if (!value.isNumber() || !(value.doubleValue() > 0)) {
            throw unsupported("%s must be a number above 0, not %s".formatted(path(field), value));
        }
        return value.doubleValue();
    }

    double positive(String field, double absent) {
        return has(field) ? positive(field) : absent;
    }

    String text(String field, String absent) {
        if (has(field) && !json.get(field).isTextual()) {
            throw unsupported("%s must be a text, not %s".formatted(path(field), json.get(field)));
        }
        return has(field) ? json.get(field).textValue() : absent;
    }

    boolean truth(String field, boolean absent) {
        if (has(field) && !json.get(field).isBoolean()) {
            throw unsupported("%s must be true or false, not %s".formatted(path(field), json.get(field)));
        }
        return has(field) ? json.get(field).booleanValue() : absent;
    }

    /** Refuses any value but one; an absent field has it. */
    void require(String field, String supported) {
        require(field, supported, supported);
    }

    /** Refuses any value but one; an absent field has a value of its own. */
    void require(String field, String absent, String supported) {
        String value = text(field, absent);
        if (!value.equals(supported)) {
            throw unsupported("%s '%s' is not supported; known is %s".formatted(field, value, supported));
        }
    }

    /** Refuses the other value; an absent field has this one. */
    void require(String field, boolean supported) {
        require(field, supported, supported);
    }

    /** Refuses the other value; an absent field has a value of its own. */
    void require(String field, boolean absent, boolean supported) {
        if (truth(field, absent) != supported) {
            throw unsupported("%s must be %s: nothing else is supported".formatted(field, supported));
        }
    }

    /** The activation of a feed-forward block without a gate. */
    Activation activation(String field, String absent) {
        String name = text(field, absent);
        return switch (name) {
            case "gelu" -> Activation.GELU;
            case "gelu_new", "gelu_pytorch_tanh", "gelu_fast" -> Activation.TANH_GELU;
            case "relu" -> Activation.RELU;
            default ->
                throw unsupported("%s '%s' is not supported; known are %s"
                        .formatted(field, name, List.of("gelu", "gelu_new", "gelu_pytorch_tanh", "gelu_fast", "relu")));
        };
    }

    /** The activation of a feed-forward block with a gate. */
    Activation gate(String field, String absent) {
        String name = text(field, absent);
        return switch (name) {
            case "silu" -> Activation.SILU_GATE;
            case "gelu" -> Activation.GELU_GATE;
            case "gelu_new", "gelu_pytorch_tanh", "gelu_fast" -> Activation.TANH_GELU_GATE;
            default ->
                throw unsupported("%s '%s' is not supported; known are %s"
                        .formatted(field, name, List.of("silu", "gelu", "gelu_new", "gelu_pytorch_tanh", "gelu_fast")));
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
