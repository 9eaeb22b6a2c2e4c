package io.tessellate.engine.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads and writes {@code config.json} in Hugging Face's words. */
final class ConfigJson {
    private static final ObjectMapper JSON = new ObjectMapper();

    private ConfigJson() {}

    static ModelConfig read(Path file) {
        JsonNode json = parse(file);
        String type = json.path("model_type").asText("");
        if (!type.equals(ModelConfig.BERT)) {
            throw unsupported(file, "model_type '%s' is not supported; known is bert".formatted(type));
        }
        requireOr(json, file, "hidden_act", "gelu");
        requireOr(json, file, "position_embedding_type", "absolute");
        if (json.path("is_decoder").asBoolean(false)) {
            throw unsupported(file, "is_decoder must be false: only bidirectional encoders are supported");
        }
        return new ModelConfig(
                type,
                integer(json, file, "vocab_size"),
                integer(json, file, "hidden_size"),
                integer(json, file, "num_hidden_layers"),
                integer(json, file, "num_attention_heads"),
                integer(json, file, "intermediate_size"),
                integer(json, file, "max_position_embeddings"),
                json.path("type_vocab_size").asInt(2),
                (float) json.path("layer_norm_eps").asDouble(1e-12),
                json.path("pad_token_id").asInt(0));
    }

    static String write(ModelConfig config) {
        ObjectNode json = JSON.createObjectNode();
        json.putArray("architectures").add("BertForMaskedLM");
        json.put("attention_probs_dropout_prob", 0.0);
        json.put("hidden_act", "gelu");
        json.put("hidden_dropout_prob", 0.0);
        json.put("hidden_size", config.hidden());
        json.put("intermediate_size", config.intermediate());
        json.put("layer_norm_eps", Double.parseDouble(Float.toString(config.normEpsilon())));
        json.put("max_position_embeddings", config.maxPositions());
        json.put("model_type", config.modelType());
        json.put("num_attention_heads", config.heads());
        json.put("num_hidden_layers", config.layers());
        json.put("pad_token_id", config.padToken());
        json.put("position_embedding_type", "absolute");
        json.put("tie_word_embeddings", true);
        json.put("torch_dtype", "float32");
        json.put("type_vocab_size", config.tokenTypes());
        json.put("vocab_size", config.vocabulary());
        return json.toPrettyString() + "\n";
    }

    private static JsonNode parse(Path file) {
        try {
            return JSON.readTree(Files.readAllBytes(file));
        } catch (JsonProcessingException e) {
            throw new TessellateException(
                    ErrorCode.MALFORMED_FILE, "%s is not JSON: %s".formatted(file, e.getOriginalMessage()), e);
        } catch (IOException e) {
            throw new TessellateException(ErrorCode.STORAGE, file + " cannot be read", e);
        }
    }

    private static int integer(JsonNode json, Path file, String field) {
        JsonNode value = json.path(field);
        if (!value.isInt()) {
            throw unsupported(file, "%s must be an integer, not %s".formatted(field, value));
        }
        return value.intValue();
    }

    private static void requireOr(JsonNode json, Path file, String field, String supported) {
        String value = json.path(field).asText(supported);
        if (!value.equals(supported)) {
            throw unsupported(file, "%s '%s' is not supported; known is %s".formatted(field, value, supported));
        }
    }

    private static TessellateException unsupported(Path file, String problem) {
        return new TessellateException(ErrorCode.UNSUPPORTED_MODEL, "%s: %s".formatted(file, problem));
    }
}
