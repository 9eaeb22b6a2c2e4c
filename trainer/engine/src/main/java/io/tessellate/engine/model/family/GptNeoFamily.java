package io.tessellate.engine.model.family;

import com.fasterxml.jackson.databind.JsonNode;
import io.tessellate.engine.model.config.Architecture;
import io.tessellate.engine.model.config.ModelConfig;
import io.tessellate.engine.model.config.Positions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** GPT-Neo (Black et al. 2021): attention without scaling, in some layers over a window of the last tokens only. */
record GptNeoFamily() implements Family {
    private static final String HEAD = "lm_head.weight";
    private static final int WINDOW = 256;

    @Override
    public String modelType() {
        return "gpt_neo";
    }

    @Override
    public ModelConfig config(ConfigFields fields) {
        int heads = fields.integer("num_heads");
        int hidden = fields.integer("hidden_size");
        Architecture architecture = new Architecture(
                Architecture.Normalisation.LAYER_BEFORE,
                new Positions.Learned(0),
                new Architecture.Attention(heads, ModelConfig.headWidth(hidden, heads), false, true, windows(fields)),
                fields.activation("activation_function", "gelu_new"),
                new Architecture.Biases(false, true, true),
                Architecture.Storage.LINEAR,
                fields.output(true));
        return new ModelConfig(
                modelType(),
                fields.integer("vocab_size"),
                hidden,
                fields.integer("num_layers"),
                heads,
                fields.integer("intermediate_size", 4 * hidden),
                fields.integer("max_position_embeddings"),
                0,
                (float) fields.decimal("layer_norm_epsilon", 1e-5),
                fields.padToken(0),
                architecture);
    }

    /** Either a list of one type per layer, or runs of types, each with how often it is repeated. */
    private static List<Integer> windows(ConfigFields fields) {
        List<String> types = new ArrayList<>();
        if (fields.has("attention_layers")) {
            fields.json().get("attention_layers").forEach(type -> types.add(type.asText()));
        } else {
            for (JsonNode run : fields.json().path("attention_types")) {
                for (int i = 0; i < run.path(1).asInt(); i++) {
                    run.path(0).forEach(type -> types.add(type.asText()));
                }
            }
        }
        int window = fields.integer("window_size", WINDOW);
        return types.stream().map(type -> window(fields, type, window)).toList();
    }

    private static int window(ConfigFields fields, String type, int local) {
        return switch (type) {
            case "global" -> 0;
            case "local" -> local;
            default ->
                throw fields.unsupported(
                        "attention type '%s' is not supported; known are global, local".formatted(type));
        };
    }

    @Override
    public TensorNames names(ModelConfig config, Collection<String> inFile) {
        String prefix = Family.prefix(headedPrefix(), "wte.weight", inFile);
        return new TensorNames(
                new TensorNames.Embeddings(
                        Family.words(prefix + "wte.weight", HEAD, config, inFile), prefix + "wpe.weight", "", ""),
                new TensorNames.Block(
                        prefix + "h.%d.",
                        List.of("attn.attention.q_proj", "attn.attention.k_proj", "attn.attention.v_proj"),
                        "attn.attention.out_proj",
                        "ln_1",
                        List.of("mlp.c_fc"),
                        "mlp.c_proj",
                        "ln_2"),
                new TensorNames.End(prefix + "ln_f", HEAD),
                "weight",
                "bias",
                UnusedTensors.ofDecoder(
                        config,
                        HEAD,
                        name -> name.endsWith(".attn.attention.bias") || name.endsWith(".attn.attention.masked_bias")));
    }

    @Override
    public String headedPrefix() {
        return "transformer.";
    }
}
