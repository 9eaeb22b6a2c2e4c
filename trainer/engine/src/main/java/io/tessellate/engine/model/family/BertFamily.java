package io.tessellate.engine.model.family;

import io.tessellate.engine.model.config.Architecture;
import io.tessellate.engine.model.config.ModelConfig;
import java.util.Collection;
import java.util.List;

/** BERT (Devlin et al. 2019). */
record BertFamily() implements Family {
    @Override
    public String modelType() {
        return ModelConfig.BERT;
    }

    @Override
    public ModelConfig config(ConfigFields fields) {
        return read(fields, modelType(), 0, 0);
    }

    /** What BERT and its relatives have in common; {@code unused} positions at the end of the table are never reached. */
    static ModelConfig read(ConfigFields fields, String modelType, int padToken, int offset) {
        fields.require("hidden_act", "gelu");
        fields.require("position_embedding_type", "absolute");
        if (fields.truth("is_decoder", false)) {
            throw fields.unsupported("is_decoder must be false: only bidirectional encoders are supported");
        }
        int heads = fields.integer("num_attention_heads");
        int hidden = fields.integer("hidden_size");
        return new ModelConfig(
                modelType,
                fields.integer("vocab_size"),
                hidden,
                fields.integer("num_hidden_layers"),
                heads,
                fields.integer("intermediate_size"),
                fields.integer("max_position_embeddings") - offset,
                fields.integer("type_vocab_size", 2),
                (float) fields.decimal("layer_norm_eps", 1e-12),
                fields.padToken(padToken),
                Architecture.bert(heads, ModelConfig.headWidth(hidden, heads), offset));
    }

    @Override
    public TensorNames names(ModelConfig config, Collection<String> inFile) {
        return names(Family.prefix(headedPrefix(), "embeddings.word_embeddings.weight", inFile), inFile);
    }

    @Override
    public String headedPrefix() {
        return "bert.";
    }

    static TensorNames names(String prefix, Collection<String> inFile) {
        boolean old = inFile.contains(prefix + "embeddings.LayerNorm.gamma");
        return new TensorNames(
                new TensorNames.Embeddings(
                        prefix + "embeddings.word_embeddings.weight",
                        prefix + "embeddings.position_embeddings.weight",
                        prefix + "embeddings.token_type_embeddings.weight",
                        prefix + "embeddings.LayerNorm"),
                new TensorNames.Block(
                        prefix + "encoder.layer.%d.",
                        List.of("attention.self.query", "attention.self.key", "attention.self.value"),
                        "attention.output.dense",
                        "attention.output.LayerNorm",
                        List.of("intermediate.dense"),
                        "output.dense",
                        "output.LayerNorm"),
                TensorNames.End.NONE,
                old ? "gamma" : "weight",
                old ? "beta" : "bias",
                UnusedTensors.ofEncoder(prefix));
    }
}
