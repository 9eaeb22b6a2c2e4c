package io.tessellate.engine.model.family;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tessellate.engine.model.config.ModelConfig;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.nio.file.Path;

/** Reads and writes {@code config.json} in Hugging Face's words. */
public final class ConfigJson {
    private static final String NAME = "config.json: ";
    private static final String TYPE = "model_type";
    private static final String QUANTIZATION = "quantization_config";

    private ConfigJson() {}

    /** What a file says, in the words of its family; UNSUPPORTED_MODEL names what the engine cannot run. */
    public static ModelConfig read(Path file) {
        ConfigFields fields = ConfigFields.read(file);
        try {
            return family(fields).config(fields);
        } catch (TessellateException e) {
            throw e.getMessage().contains(file.toString())
                    ? e
                    : new TessellateException(e.code(), "%s: %s".formatted(file, bare(e.getMessage())), e);
        }
    }

    private static String bare(String message) {
        return message.startsWith(NAME) ? message.substring(NAME.length()) : message;
    }

    private static Family family(ConfigFields fields) {
        if (!fields.has(TYPE)) {
            throw fields.unsupported("%s is missing; known are %s".formatted(TYPE, Family.known()));
        }
        if (fields.has(QUANTIZATION)) {
            throw fields.unsupported("%s: quantized weights are not supported; use the model as it was before that"
                    .formatted(QUANTIZATION));
        }
        return Family.of(fields.text(TYPE, ""));
    }

    /** The configuration of a BERT encoder made here; models of other families keep the file they came with. */
    public static String write(ModelConfig config) {
        if (!config.modelType().equals(ModelConfig.BERT)) {
            throw new TessellateException(
                    ErrorCode.UNSUPPORTED_MODEL,
                    "a config.json can be written for bert only, not for " + config.modelType());
        }
        ObjectNode json = new ObjectMapper().createObjectNode();
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
}
