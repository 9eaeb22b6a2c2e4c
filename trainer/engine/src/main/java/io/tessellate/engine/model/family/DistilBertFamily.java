package io.tessellate.engine.model.family;

import io.tessellate.engine.model.config.Architecture;
import io.tessellate.engine.model.config.ModelConfig;
import java.util.Collection;
import java.util.List;

/** DistilBERT (Sanh et al. 2019): BERT without token types. */
record DistilBertFamily() implements Family {
    private static final float EPSILON = 1e-12f;

    @Override
    public String modelType() {
        return "distilbert";
    }

    @Override
    public ModelConfig config(ConfigFields fields) {
        fields.require("activation", "gelu");
        int heads = fields.integer("n_heads");
        int hidden = fields.integer("dim");
        return new ModelConfig(
                modelType(),
                fields.integer("vocab_size"),
                hidden,
                fields.integer("n_layers"),
                heads,
                fields.integer("hidden_dim"),
                fields.integer("max_position_embeddings"),
                0,
                EPSILON,
                fields.padToken(0),
                Architecture.bert(heads, ModelConfig.headWidth(hidden, heads), 0));
    }

    @Override
    public TensorNames names(ModelConfig config, Collection<String> inFile) {
        String prefix = Family.prefix(headedPrefix(), "embeddings.word_embeddings.weight", inFile);
        return new TensorNames(
                new TensorNames.Embeddings(
                        prefix + "embeddings.word_embeddings.weight",
                        prefix + "embeddings.position_embeddings.weight",
                        "",
                        prefix + "embeddings.LayerNorm"),
                new TensorNames.Block(
                        prefix + "transformer.layer.%d.",
                        List.of("attention.q_lin", "attention.k_lin", "attention.v_lin"),
                        "attention.out_lin",
                        "sa_layer_norm",
                        List.of("ffn.lin1"),
                        "ffn.lin2",
                        "output_layer_norm"),
                TensorNames.End.NONE,
                "weight",
                "bias",
                UnusedTensors.ofEncoder(prefix));
    }

    @Override
    public String headedPrefix() {
        return "distilbert.";
    }
}
