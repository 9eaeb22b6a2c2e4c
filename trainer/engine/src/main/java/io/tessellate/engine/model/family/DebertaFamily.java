package io.tessellate.engine.model.family;

import com.fasterxml.jackson.databind.JsonNode;
import io.tessellate.engine.model.config.Activation;
import io.tessellate.engine.model.config.Architecture;
import io.tessellate.engine.model.config.ModelConfig;
import io.tessellate.engine.model.config.Positions;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * DeBERTa version 3 (He et al. 2023, <a href="https://arxiv.org/abs/2111.09543">2111.09543</a>): attention that knows how far
 * tokens are apart, and no table of positions. Its files are of the type of version 2, whose convolution is refused.
 */
record DebertaFamily() implements Family {
    private static final Set<String> BOTH_WAYS = Set.of("c2p", "p2c");

    @Override
    public String modelType() {
        return "deberta-v2";
    }

    @Override
    public ModelConfig config(ConfigFields fields) {
        int heads = fields.integer("num_attention_heads");
        int hidden = fields.integer("hidden_size");
        requireVersion3(fields, hidden, heads);
        int most = fields.integer("max_position_embeddings", 512);
        Architecture bert = Architecture.bert(heads, ModelConfig.headWidth(hidden, heads), 0);
        return new ModelConfig(
                modelType(),
                fields.integer("vocab_size"),
                hidden,
                fields.integer("num_hidden_layers"),
                heads,
                fields.integer("intermediate_size"),
                most,
                fields.integer("type_vocab_size", 0),
                (float) fields.decimal("layer_norm_eps", 1e-7),
                fields.padToken(0),
                new Architecture(
                        bert.normalisation(),
                        positions(fields, most),
                        bert.attention(),
                        Activation.GELU,
                        bert.biases(),
                        bert.storage(),
                        bert.output()));
    }

    private static void requireVersion3(ConfigFields fields, int hidden, int heads) {
        fields.require("hidden_act", "gelu");
        fields.require("norm_rel_ebd", "none", "layer_norm");
        fields.require("relative_attention", false, true);
        fields.require("share_att_key", false, true);
        fields.require("position_biased_input", true, false);
        if (fields.integer("conv_kernel_size", 0) > 0) {
            throw fields.unsupported("conv_kernel_size %d: the convolution of version 2 is not supported"
                    .formatted(fields.integer("conv_kernel_size")));
        }
        if (fields.integer("embedding_size", hidden) != hidden) {
            throw fields.unsupported("embedding_size %d must be hidden_size %d: nothing else is supported"
                    .formatted(fields.integer("embedding_size"), hidden));
        }
        if (fields.integer("attention_head_size", hidden / heads) != hidden / heads) {
            throw fields.unsupported("attention_head_size %d must be hidden_size / num_attention_heads, %d"
                    .formatted(fields.integer("attention_head_size"), hidden / heads));
        }
        Set<String> terms = new TreeSet<>();
        JsonNode types = fields.json().path("pos_att_type");
        if (types.isTextual()) {
            Arrays.stream(types.textValue().split("\\|", -1))
                    .map(type -> type.strip().toLowerCase(Locale.ROOT))
                    .forEach(terms::add);
        }
        types.forEach(type -> terms.add(type.asText()));
        if (!terms.equals(BOTH_WAYS)) {
            throw fields.unsupported("pos_att_type %s must be [p2c, c2p]: nothing else is supported".formatted(terms));
        }
    }

    private static Positions.Disentangled positions(ConfigFields fields, int most) {
        int farthest = fields.integer("max_relative_positions", -1);
        farthest = farthest < 1 ? most : farthest;
        int buckets = Math.max(0, fields.integer("position_buckets", -1));
        if (buckets > 0 && (buckets < 4 || buckets % 2 != 0 || buckets / 2 >= farthest - 1)) {
            throw fields.unsupported("position_buckets %d must be even, at least 4, and less than twice the farthest %d"
                    .formatted(buckets, farthest));
        }
        return new Positions.Disentangled(buckets > 0 ? buckets : farthest, buckets, farthest);
    }

    @Override
    public TensorNames names(ModelConfig config, Collection<String> inFile) {
        String prefix = Family.prefix(headedPrefix(), "embeddings.word_embeddings.weight", inFile);
        return new TensorNames(
                new TensorNames.Embeddings(
                        prefix + "embeddings.word_embeddings.weight",
                        prefix + "encoder.rel_embeddings.weight",
                        prefix + "embeddings.token_type_embeddings.weight",
                        prefix + "embeddings.LayerNorm",
                        prefix + "encoder.LayerNorm"),
                new TensorNames.Block(
                        prefix + "encoder.layer.%d.",
                        List.of("attention.self.query_proj", "attention.self.key_proj", "attention.self.value_proj"),
                        "attention.output.dense",
                        "attention.output.LayerNorm",
                        List.of("intermediate.dense"),
                        "output.dense",
                        "output.LayerNorm"),
                TensorNames.End.NONE,
                "weight",
                "bias",
                UnusedTensors.ofDeberta(prefix));
    }

    @Override
    public String headedPrefix() {
        return "deberta.";
    }
}
