package io.tessellate.engine.model.family;

import io.tessellate.engine.model.config.ModelConfig;
import java.util.Collection;

/**
 * RoBERTa (Liu et al. 2019): BERT whose tokens count their positions from behind the padding token's id on, as in the
 * framework it was trained in. XLM-RoBERTa (Conneau et al. 2020) and CamemBERT (Martin et al. 2020) are the same with other
 * words; their files call the tensors alike.
 */
record RobertaFamily(String modelType) implements Family {
    private static final int PAD = 1;

    @Override
    public ModelConfig config(ConfigFields fields) {
        return BertFamily.read(fields, modelType, PAD, fields.padToken(PAD) + 1);
    }

    @Override
    public TensorNames names(ModelConfig config, Collection<String> inFile) {
        return BertFamily.names(Family.prefix(headedPrefix(), "embeddings.word_embeddings.weight", inFile), inFile);
    }

    @Override
    public String headedPrefix() {
        return "roberta.";
    }
}
