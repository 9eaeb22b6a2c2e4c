package io.tessellate.engine.onnx;

import io.tessellate.engine.model.config.ModelConfig;
import io.tessellate.engine.model.weights.Slot;
import io.tessellate.engine.model.weights.TransformerParts;
import io.tessellate.engine.model.weights.TransformerParts.Layer;
import io.tessellate.engine.model.weights.TransformerParts.Linear;
import io.tessellate.engine.model.weights.TransformerParts.Normalisation;
import io.tessellate.engine.onnx.OnnxGraph.Attribute;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The layers of an encoder as ONNX operators, on the weights as their files hold them: outside attention hidden vectors are
 * rows, one for each token, so that a linear layer is one {@code Gemm}.
 *
 * @param graph that gets the operators
 * @param config of the model
 * @param weights which of the graph's tensors are which part
 */
record EncoderGraph(OnnxGraph graph, ModelConfig config, TransformerParts<Slot> weights) {
    /**
     * A batch of sequences on its way into the layers.
     *
     * @param ids name of the tokens, [batch, sequence]
     * @param mask name of a 1 for each token and a 0 for padding, likewise, as floats
     * @param types name of the segments, likewise; not read where the model has fewer than two
     */
    record Tokens(String ids, String mask, String types) {}

    /** UNSUPPORTED_MODEL unless the family is one of those written here. */
    static void require(ModelConfig config) {
        if (!GraphPositions.written(config)) {
            throw new TessellateException(
                    ErrorCode.UNSUPPORTED_MODEL,
                    "a model of type '%s' cannot be written as ONNX yet; bert, roberta, xlm-roberta, camembert, distilbert, deberta-v2 and modernbert can"
                            .formatted(config.modelType()));
        }
    }

    /** The name of the last layer's hidden vectors, [batch, sequence, hidden]. */
    String hidden(Tokens tokens) {
        GraphOperators operators = new GraphOperators(graph, config);
        String shape = graph.add("Shape", List.of(tokens.ids()));
        String length =
                graph.add("Shape", List.of(tokens.ids()), Attribute.integer("start", 1), Attribute.integer("end", 2));
        GraphPositions positions = GraphPositions.of(operators, config, weights, length)
                .orElseThrow(() -> new IllegalStateException("required before"));
        Layers layers = new Layers(operators, positions, shape, length, padding(operators, tokens.mask()));
        String x = layers.run(operators.rows(embedded(operators, positions, tokens)));
        return graph.add("Reshape", List.of(x, operators.join(shape, graph.integers(config.hidden()), 0)));
    }

    private static <T> T present(@Nullable T part) {
        return Objects.requireNonNull(part, "such an encoder has it");
    }

    /** Words, segments and positions, summed in the order of the engine's own pass. */
    private String embedded(GraphOperators operators, GraphPositions positions, Tokens tokens) {
        String sum = graph.add("Gather", List.of(GraphOperators.name(weights.words(), 0), tokens.ids()));
        if (weights.types() != null) {
            String table = GraphOperators.name(weights.types(), 0);
            boolean several = config.tokenTypes() > 1;
            sum = operators.sum(sum, several ? graph.add("Gather", List.of(table, tokens.types())) : table);
        }
        return operators.norm(positions.added(sum), present(weights.embeddingNorm()));
    }

    /** [batch, 1, 1, sequence]: 0 for a token, far below every score for padding. */
    private String padding(GraphOperators operators, String mask) {
        String absent = graph.add("Sub", List.of(mask, graph.real(1)));
        return operators.unsqueezed(operators.product(absent, graph.real(GraphOperators.MASKED)), 1, 2);
    }

    /** The layers; what they have in common are names of results. */
    private final class Layers {
        private final GraphOperators operators;
        private final GraphPositions positions;
        private final String shape;
        private final String padding;
        private final String length;

        Layers(GraphOperators operators, GraphPositions positions, String shape, String length, String padding) {
            this.operators = operators;
            this.positions = positions;
            this.shape = shape;
            this.length = length;
            this.padding = padding;
        }

        /** What they make of rows. */
        String run(String embedded) {
            boolean before = config.architecture().normalisation().before();
            String x = embedded;
            for (int l = 0; l < config.layers(); l++) {
                Layer<Slot> layer = weights.layers().get(l);
                x = before ? normedBefore(l, layer, x) : normedAfter(l, layer, x);
            }
            Normalisation<Slot> last = weights.finalNorm();
            return operators.normed(x, last);
        }

        private String normedAfter(int l, Layer<Slot> layer, String x) {
            String attended = operators.sum(operators.linear(attention(l, layer, x), layer.output(), 0), x);
            String middle = operators.norm(attended, present(layer.attentionNorm()));
            String inner = operators.gelu(operators.linear(middle, layer.up(), 0));
            return operators.norm(
                    operators.sum(operators.linear(inner, layer.down(), 0), middle), layer.feedForwardNorm());
        }

        /** The first layer's attention may read what is normalised already. */
        private String normedBefore(int l, Layer<Slot> layer, String x) {
            String read = operators.normed(x, layer.attentionNorm());
            String stream = operators.sum(operators.linear(attention(l, layer, read), layer.output(), 0), x);
            String both = operators.linear(operators.norm(stream, layer.feedForwardNorm()), layer.up(), 0);
            String gate = operators.gelu(operators.slice(both, 1, 0, config.intermediate()));
            String inner =
                    operators.product(gate, operators.slice(both, 1, config.intermediate(), config.innerColumns()));
            return operators.sum(operators.linear(inner, layer.down(), 0), stream);
        }

        /** All heads' contexts side by side, a row for each token. */
        private String attention(int l, Layer<Slot> layer, String x) {
            String heads = operators.join(shape, graph.integers(config.heads(), config.headWidth()), 0);
            List<String> parts = projected(layer.projections(), x).stream()
                    .map(part -> graph.add("Reshape", List.of(part, heads)))
                    .toList();
            String queries = operators.transposed(positions.turned(parts.get(0), l), 0, 2, 1, 3);
            String keys = operators.transposed(positions.turned(parts.get(1), l), 0, 2, 1, 3);
            String values = operators.transposed(parts.get(2), 0, 2, 1, 3);
            String raw = graph.add("MatMul", List.of(queries, operators.transposed(keys, 0, 1, 3, 2)));
            String scores = positions.scored(raw, queries, keys, layer);
            float scale = (float) config.architecture().scoreScale();
            String masked = operators.sum(operators.product(scores, graph.real(scale)), unseen(l));
            String probabilities = graph.add("Softmax", List.of(masked), Attribute.integer("axis", -1));
            return operators.rows(
                    operators.transposed(graph.add("MatMul", List.of(probabilities, values)), 0, 2, 1, 3));
        }

        /** Queries, keys and values: three tensors, or the rows of one behind each other. */
        private List<String> projected(Linear<Slot> layer, String x) {
            if (layer.weight().tensors().size() == 3) {
                return IntStream.range(0, 3)
                        .mapToObj(part -> operators.linear(x, layer, part))
                        .toList();
            }
            String all = operators.linear(x, layer, 0);
            long columns = config.contextColumns();
            return IntStream.range(0, 3)
                    .mapToObj(part -> operators.slice(all, 1, part * columns, (part + 1) * columns))
                    .toList();
        }

        /** What is added to scores of padding, and of tokens out of a window's reach. */
        private String unseen(int l) {
            if (!config.architecture().attention().windowed(l)) {
                return padding;
            }
            long window = config.architecture().attention().windows().get(l);
            String apart = graph.add("Abs", List.of(operators.distances(length)));
            String near = operators.real(graph.add("Less", List.of(apart, graph.integers(window))));
            String out = graph.add("Sub", List.of(near, graph.real(1)));
            return operators.sum(padding, operators.product(out, graph.real(GraphOperators.MASKED)));
        }
    }
}
