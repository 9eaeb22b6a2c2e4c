package io.tessellate.engine.model.weights;

import io.tessellate.engine.model.config.Architecture;
import io.tessellate.engine.model.config.ModelConfig;
import io.tessellate.engine.model.config.Positions;
import io.tessellate.engine.model.family.TensorNames;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The order of a transformer's tensors: what is multiplied together lies together in one segment, first query, key and value,
 * then gate and input of a gated feed-forward block. {@link Slot} reads it in the same order.
 */
public final class TransformerLayout {
    private static final List<Role> PROJECTIONS = List.of(Role.QUERY, Role.KEY, Role.VALUE);

    private final ModelConfig config;
    private final TensorNames names;
    private final ParameterLayout.Builder layout = ParameterLayout.builder();

    private TransformerLayout(ModelConfig config, TensorNames names) {
        this.config = config;
        this.names = names;
    }

    /** The layout of a model whose tensors have these names. */
    public static ParameterLayout of(ModelConfig config, TensorNames names) {
        return new TransformerLayout(config, names).all();
    }

    private ParameterLayout all() {
        TensorNames.Embeddings embeddings = names.embeddings();
        int hidden = config.hidden();
        boolean before = config.architecture().normalisation().before();
        layout.matrix(embeddings.words(), config.vocabulary(), hidden);
        layout.segment();
        if (config.architecture().positions() instanceof Positions.Learned learned) {
            layout.matrix(embeddings.positions(), learned.offset() + config.maxPositions(), hidden);
        }
        if (config.tokenTypes() > 0) {
            layout.matrix(embeddings.types(), config.tokenTypes(), hidden);
        }
        if (config.architecture().normalisation().embedded()) {
            norm(embeddings.norm());
        }
        if (config.architecture().positions() instanceof Positions.Disentangled disentangled) {
            layout.matrix(embeddings.positions(), 2 * disentangled.span(), hidden);
            norm(embeddings.placeNorm());
        }
        for (int l = 0; l < config.layers(); l++) {
            layer(l);
        }
        if (before) {
            norm(names.end().norm());
        }
        if (config.architecture().output() == Architecture.Output.OWN) {
            layout.segment();
            layout.matrix(names.end().head(), config.vocabulary(), hidden);
        }
        return layout.build();
    }

    private void layer(int l) {
        TensorNames.Block block = names.block();
        TensorNames.Norms norms = block.norms();
        Architecture.Biases biases = config.architecture().biases();
        linear(projections(l, block), config.hidden(), biases.projections());
        if (config.architecture().attention().normed()) {
            layout.vector(names.layer(l, norms.query()) + "." + names.gain(), config.headWidth());
            layout.vector(names.layer(l, norms.key()) + "." + names.gain(), config.headWidth());
        }
        Part output = new Part(names.layer(l, block.output()), config.hidden(), List.of(Role.OUTPUT));
        linear(List.of(output), config.contextColumns(), biases.output());
        if (config.architecture().normalisation().attention(l)) {
            norm(names.layer(l, norms.attention()));
        }
        resultNorm(l, norms.attentionResult());
        List<Part> up = block.up().stream()
                .map(part -> feedForward(
                        names.layer(l, part), config.innerColumns() / block.up().size()))
                .toList();
        linear(up, config.hidden(), biases.feedForward());
        Part down = feedForward(names.layer(l, block.down()), config.hidden());
        linear(List.of(down), config.intermediate(), biases.feedForward());
        norm(names.layer(l, norms.feedForward()));
        resultNorm(l, norms.feedForwardResult());
    }

    private void resultNorm(int l, String part) {
        if (config.architecture().normalisation().around()) {
            norm(names.layer(l, part));
        }
    }

    private List<Part> projections(int l, TensorNames.Block block) {
        if (block.projections().size() == 1) {
            String fused = names.layer(l, block.projections().get(0));
            return List.of(new Part(fused, config.projectionColumns(), fusedRoles()));
        }
        int keyValue = config.architecture().attention().keyValueHeads() * config.headWidth();
        int[] outputs = {config.contextColumns(), keyValue, keyValue};
        return IntStream.range(0, outputs.length)
                .mapToObj(p ->
                        new Part(names.layer(l, block.projections().get(p)), outputs[p], List.of(PROJECTIONS.get(p))))
                .toList();
    }

    /** What each head's width of outputs makes where queries, keys and values are one tensor. */
    private List<Role> fusedRoles() {
        int shared = config.architecture().attention().keyValueHeads();
        return switch (config.architecture().attention().order()) {
            case BY_HEAD ->
                Collections.nCopies(config.heads(), PROJECTIONS).stream()
                        .flatMap(List::stream)
                        .toList();
            case BY_PART ->
                Stream.of(
                                Collections.nCopies(config.heads(), Role.QUERY),
                                Collections.nCopies(shared, Role.KEY),
                                Collections.nCopies(shared, Role.VALUE))
                        .flatMap(List::stream)
                        .toList();
        };
    }

    private static Part feedForward(String name, int outputs) {
        return new Part(name, outputs, List.of(Role.FEED_FORWARD));
    }

    /**
     * One linear layer.
     *
     * @param roles of its outputs, in bands of equal width
     */
    private record Part(String name, int outputs, List<Role> roles) {}

    /** All weights of linear layers of the same input, then all their biases. */
    private void linear(List<Part> parts, int inputs, boolean biased) {
        boolean transposed = config.architecture().storage().transposed();
        layout.segment();
        for (Part part : parts) {
            int rows = transposed ? inputs : part.outputs;
            int columns = transposed ? part.outputs : inputs;
            layout.eligible(part.name + ".weight", rows, columns, new RoleBands(part.roles, !transposed));
        }
        for (Part part : biased ? parts : List.<Part>of()) {
            layout.vector(part.name + ".bias", part.outputs);
        }
    }

    private void norm(String part) {
        layout.vector(part + "." + names.gain(), config.hidden());
        if (config.architecture().normalisation().shifts()) {
            layout.vector(part + "." + names.shift(), config.hidden());
        }
    }
}
