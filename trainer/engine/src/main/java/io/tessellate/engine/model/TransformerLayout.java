package io.tessellate.engine.model;

import java.util.List;

/**
 * The order of a transformer's tensors in the flat vector: what is multiplied together lies together, first query, key and
 * value, then gate and input of a gated feed-forward block. {@link Slot} reads it in the same order.
 */
final class TransformerLayout {
    private final ModelConfig config;
    private final TensorNames names;
    private final ParameterLayout.Builder layout = ParameterLayout.builder();

    private TransformerLayout(ModelConfig config, TensorNames names) {
        this.config = config;
        this.names = names;
    }

    static ParameterLayout of(ModelConfig config, TensorNames names) {
        return new TransformerLayout(config, names).all();
    }

    private ParameterLayout all() {
        TensorNames.Embeddings embeddings = names.embeddings();
        int hidden = config.hidden();
        boolean before = config.architecture().normalisation().before();
        layout.matrix(embeddings.words(), config.vocabulary(), hidden);
        if (config.architecture().positions() instanceof Positions.Learned learned) {
            layout.matrix(embeddings.positions(), learned.offset() + config.maxPositions(), hidden);
        }
        if (config.tokenTypes() > 0) {
            layout.matrix(embeddings.types(), config.tokenTypes(), hidden);
        }
        if (!before) {
            norm(embeddings.norm());
        }
        for (int l = 0; l < config.layers(); l++) {
            layer(l);
        }
        if (before) {
            norm(names.end().norm());
        }
        if (config.architecture().output() == Architecture.Output.OWN) {
            layout.matrix(names.end().head(), config.vocabulary(), hidden);
        }
        return layout.build();
    }

    private void layer(int l) {
        TensorNames.Block block = names.block();
        Architecture.Biases biases = config.architecture().biases();
        int keyValue = config.architecture().attention().keyValueHeads() * config.headWidth();
        List<String> projections =
                block.projections().stream().map(part -> names.layer(l, part)).toList();
        if (projections.size() == 1) {
            linear(projections, new int[] {config.projectionColumns()}, config.hidden(), biases.projections());
        } else {
            int[] outputs = {config.contextColumns(), keyValue, keyValue};
            linear(projections, outputs, config.hidden(), biases.projections());
        }
        one(names.layer(l, block.output()), config.hidden(), config.contextColumns(), biases.output());
        norm(names.layer(l, block.attentionNorm()));
        List<String> up = block.up().stream().map(part -> names.layer(l, part)).toList();
        int[] inner = up.stream().mapToInt(part -> config.intermediate()).toArray();
        linear(up, inner, config.hidden(), biases.feedForward());
        one(names.layer(l, block.down()), config.hidden(), config.intermediate(), biases.feedForward());
        norm(names.layer(l, block.feedForwardNorm()));
    }

    private void one(String part, int outputs, int inputs, boolean biased) {
        linear(List.of(part), new int[] {outputs}, inputs, biased);
    }

    /** All weights of linear layers of the same input, then all their biases. */
    private void linear(List<String> parts, int[] outputs, int inputs, boolean biased) {
        boolean transposed = config.architecture().storage() == Architecture.Storage.CONV1D;
        for (int p = 0; p < parts.size(); p++) {
            String name = parts.get(p) + ".weight";
            layout.eligible(name, transposed ? inputs : outputs[p], transposed ? outputs[p] : inputs);
        }
        for (int p = 0; biased && p < parts.size(); p++) {
            layout.vector(parts.get(p) + ".bias", outputs[p]);
        }
    }

    private void norm(String part) {
        layout.vector(part + "." + names.gain(), config.hidden());
        if (config.architecture().normalisation().shifts()) {
            layout.vector(part + "." + names.shift(), config.hidden());
        }
    }
}
