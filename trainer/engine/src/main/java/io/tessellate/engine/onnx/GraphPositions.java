package io.tessellate.engine.onnx;

import io.tessellate.engine.model.config.Activation;
import io.tessellate.engine.model.config.Architecture;
import io.tessellate.engine.model.config.ModelConfig;
import io.tessellate.engine.model.config.Positions;
import io.tessellate.engine.model.weights.Slot;
import io.tessellate.engine.model.weights.TransformerParts;
import io.tessellate.engine.model.weights.TransformerParts.Layer;
import io.tessellate.engine.onnx.OnnxGraph.Attribute;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * How the tokens of a graph know where they stand, of the families that are written. Names of lengths are of vectors of one number.
 */
sealed interface GraphPositions {
    /** Those of a model, or nothing where its family is not written. */
    static Optional<GraphPositions> of(
            GraphOperators operators, ModelConfig config, TransformerParts<Slot> weights, String length) {
        if (!written(config)) {
            return Optional.empty();
        }
        Positions positions = config.architecture().positions();
        if (positions instanceof Positions.Learned learned) {
            return Optional.of(new AddedRows(operators, weights, learned.offset(), length));
        }
        if (positions instanceof Positions.Disentangled apart) {
            return Optional.of(RelativePlaces.of(operators, weights, apart, length));
        }
        return Optional.of(new TurnedHeads(operators, (Positions.Rotary) positions, length));
    }

    /** Whether the family is BERT's, DeBERTa's or ModernBERT's, by what they consist of. */
    static boolean written(ModelConfig config) {
        Architecture architecture = config.architecture();
        Architecture.Attention attention = architecture.attention();
        boolean plain = !attention.causal()
                && !attention.normed()
                && attention.softCap() == 0
                && attention.keyValueHeads() == config.heads()
                && architecture.vocabulary().equals(Architecture.Vocabulary.PLAIN);
        if (architecture.positions() instanceof Positions.Rotary rotary) {
            return plain
                    && architecture.normalisation().before()
                    && architecture.normalisation().embedded()
                    && architecture.activation() == Activation.GELU_GATE
                    && architecture.storage() == Architecture.Storage.FUSED
                    && rotary.kinds().stream()
                            .allMatch(kind -> kind.share() == 1 && kind.scaling() instanceof Positions.Unscaled);
        }
        return plain
                && architecture.normalisation() == Architecture.Normalisation.LAYER_AFTER
                && architecture.activation() == Activation.GELU
                && architecture.storage() == Architecture.Storage.LINEAR
                && architecture.biases().equals(Architecture.Biases.ALL)
                && attention.windows().isEmpty();
    }

    /** What is added to the embeddings. */
    default String added(String embedded) {
        return embedded;
    }

    /** Queries or keys, [batch, sequence, heads, width], as a layer's scores have them. */
    default String turned(String heads, int layer) {
        return heads;
    }

    /**
     * Raw scores with what places add to them.
     *
     * @param scores [batch, heads, sequence, sequence]
     * @param queries [batch, heads, sequence, width]
     * @param keys likewise
     */
    default String scored(String scores, String queries, String keys, Layer<Slot> layer) {
        return scores;
    }

    /** Each place has a row of a table, which is added to its embedding. */
    record AddedRows(GraphOperators operators, TransformerParts<Slot> weights, int offset, String length)
            implements GraphPositions {
        @Override
        public String added(String embedded) {
            Slot table = Objects.requireNonNull(weights.positions(), "a model of learned positions has a table");
            OnnxGraph graph = operators.graph();
            String end = operators.sum(length, graph.integers(offset));
            return operators.sum(
                    embedded, operators.slice(GraphOperators.name(table, 0), 0, graph.integers(offset), end));
        }
    }

    /** Queries and keys turn with their places, in layers that see a window only perhaps otherwise than in the others. */
    record TurnedHeads(GraphOperators operators, Positions.Rotary rotary, String length) implements GraphPositions {
        @Override
        public String turned(String heads, int layer) {
            ModelConfig config = operators.config();
            List<Positions.Rotary> kinds = rotary.kinds();
            boolean windowed = config.architecture().attention().windowed(layer);
            Positions.Rotary kind = kinds.get(windowed ? kinds.size() - 1 : 0);
            int half = config.headWidth() / 2;
            OnnxGraph graph = operators.graph();
            float[] frequencies = new float[half];
            for (int i = 0; i < half; i++) {
                frequencies[i] = kind.frequencies(config.headWidth()).get(i);
            }
            String places = operators.real(operators.unsqueezed(operators.places(length), 1));
            String angles = operators.product(places, graph.reals("frequencies_" + (float) kind.theta(), frequencies));
            String cos = operators.unsqueezed(graph.add("Cos", List.of(angles)), 1);
            String sin = operators.unsqueezed(graph.add("Sin", List.of(angles)), 1);
            String left = operators.slice(heads, 3, 0, half);
            String right = operators.slice(heads, 3, half, 2L * half);
            String first = graph.add("Sub", List.of(operators.product(left, cos), operators.product(right, sin)));
            String second = operators.sum(operators.product(right, cos), operators.product(left, sin));
            return operators.join(first, second, 3);
        }
    }

    /**
     * Each distance between two tokens has a place with a vector of its own (disentangled attention, {@link Positions.Disentangled}).
     *
     * @param vectors the places', normalised, [places, hidden]
     * @param rows of each pair of tokens the place, [sequence, sequence]
     */
    record RelativePlaces(GraphOperators operators, String vectors, String rows) implements GraphPositions {
        static RelativePlaces of(
                GraphOperators operators, TransformerParts<Slot> weights, Positions.Disentangled apart, String length) {
            TransformerParts.Places<Slot> places =
                    Objects.requireNonNull(weights.places(), "a model of relative places has their vectors");
            int most = operators.config().maxPositions();
            int[] found = apart.rows(most);
            long[] rows = new long[found.length];
            for (int i = 0; i < rows.length; i++) {
                rows[i] = found[i];
            }
            OnnxGraph graph = operators.graph();
            String shifted = operators.sum(operators.distances(length), graph.integers(most - 1L));
            return new RelativePlaces(
                    operators,
                    operators.norm(GraphOperators.name(places.table(), 0), places.norm()),
                    graph.add("Gather", List.of(graph.integers("relative_places", rows), shifted)));
        }

        /** Q_i K'_p + Q'_p K_j, p the place of i - j, are looked up among the products with all places. */
        @Override
        public String scored(String scores, String queries, String keys, Layer<Slot> layer) {
            OnnxGraph graph = operators.graph();
            String shape = graph.add("Shape", List.of(scores));
            String byQuery = graph.add("MatMul", List.of(queries, places(layer, 1)));
            String ofQueries = picked(byQuery, graph.add("Expand", List.of(rows, shape)));
            String byKey = graph.add("MatMul", List.of(keys, places(layer, 0)));
            String ofKeys = picked(byKey, graph.add("Expand", List.of(operators.transposed(rows, 1, 0), shape)));
            return operators.sum(operators.sum(scores, ofQueries), operators.transposed(ofKeys, 0, 1, 3, 2));
        }

        private String picked(String products, String places) {
            return operators.graph().add("GatherElements", List.of(products, places), Attribute.integer("axis", 3));
        }

        /** Queries (part 0) or keys (1) of all places in one layer, [heads, width, places]. */
        private String places(Layer<Slot> layer, int part) {
            ModelConfig config = operators.config();
            String all = operators.linear(vectors, layer.projections(), part);
            String heads = operators
                    .graph()
                    .add("Reshape", List.of(all, operators.graph().integers(-1, config.heads(), config.headWidth())));
            return operators.transposed(heads, 1, 2, 0);
        }
    }
}
