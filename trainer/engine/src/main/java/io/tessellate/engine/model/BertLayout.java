package io.tessellate.engine.model;

/** The order of a BERT encoder's tensors in the flat vector: query, key and value lie side by side for one product. */
final class BertLayout {
    private BertLayout() {}

    static ParameterLayout of(ModelConfig config, BertNames names) {
        int hidden = config.hidden();
        ParameterLayout.Builder layout = ParameterLayout.builder()
                .matrix(names.words(), config.vocabulary(), hidden)
                .matrix(names.positions(), config.maxPositions(), hidden)
                .matrix(names.types(), config.tokenTypes(), hidden);
        norm(layout, names.embeddingNorm(), names, hidden);
        for (int l = 0; l < config.layers(); l++) {
            layer(layout, config, names, l);
        }
        return layout.build();
    }

    private static void layer(ParameterLayout.Builder layout, ModelConfig config, BertNames names, int l) {
        int hidden = config.hidden();
        int inner = config.intermediate();
        layout.eligible(names.layer(l, "attention.self.query.weight"), hidden, hidden)
                .eligible(names.layer(l, "attention.self.key.weight"), hidden, hidden)
                .eligible(names.layer(l, "attention.self.value.weight"), hidden, hidden)
                .vector(names.layer(l, "attention.self.query.bias"), hidden)
                .vector(names.layer(l, "attention.self.key.bias"), hidden)
                .vector(names.layer(l, "attention.self.value.bias"), hidden)
                .eligible(names.layer(l, "attention.output.dense.weight"), hidden, hidden)
                .vector(names.layer(l, "attention.output.dense.bias"), hidden);
        norm(layout, names.layer(l, "attention.output.LayerNorm."), names, hidden);
        layout.eligible(names.layer(l, "intermediate.dense.weight"), inner, hidden)
                .vector(names.layer(l, "intermediate.dense.bias"), inner)
                .eligible(names.layer(l, "output.dense.weight"), hidden, inner)
                .vector(names.layer(l, "output.dense.bias"), hidden);
        norm(layout, names.layer(l, "output.LayerNorm."), names, hidden);
    }

    private static void norm(ParameterLayout.Builder layout, String start, BertNames names, int hidden) {
        layout.vector(start + names.gain(), hidden).vector(start + names.shift(), hidden);
    }
}
