package io.tessellate.engine.onnx;

import io.tessellate.engine.model.config.Activation;
import io.tessellate.engine.model.config.Architecture;
import io.tessellate.engine.model.config.ModelConfig;
import io.tessellate.engine.model.config.Positions;
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
 * The layers of a BERT-like encoder as ONNX operators, on the weights as their files hold them: outside attention hidden vectors are
 * rows, one for each token, so that a linear layer is one {@code Gemm}.
 *
 * @param weights which of the graph's tensors are which part
 */
record EncoderGraph(OnnxGraph graph, ModelConfig config, TransformerParts<Slot> weights) {
    /** What is added to the score of padding: its probability is 0 after softmax, and the sum stays finite. */
    private static final float MASKED = 1e30f;

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
        Architecture architecture = config.architecture();
        Architecture.Attention attention = architecture.attention();
        boolean written = architecture.normalisation() == Architecture.Normalisation.LAYER_AFTER
                && architecture.positions() instanceof Positions.Learned
                && architecture.activation() == Activation.GELU
                && architecture.storage() == Architecture.Storage.LINEAR
                && architecture.biases().equals(Architecture.Biases.ALL)
                && !attention.causal()
                && !attention.normed()
                && attention.softCap() == 0
                && attention.windows().isEmpty();
        if (!written) {
            throw new TessellateException(
                    ErrorCode.UNSUPPORTED_MODEL,
                    "a model of type '%s' cannot be written as ONNX yet; bert, roberta, xlm-roberta, camembert and distilbert can"
                            .formatted(config.modelType()));
        }
    }

    /** The name of the last layer's hidden vectors, [batch, sequence, hidden]. */
    String hidden(Tokens tokens) {
        String shape = graph.add("Shape", List.of(tokens.ids()));
        String x = rows(norm(embedded(tokens), present(weights.embeddingNorm())));
        String padding = padding(tokens.mask());
        for (Layer<Slot> layer : weights.layers()) {
            String attended = residual(attention(layer, x, shape, padding), layer.output(), x);
            String middle = norm(attended, present(layer.attentionNorm()));
            String inner = gelu(linear(middle, layer.up()));
            x = norm(residual(inner, layer.down(), middle), layer.feedForwardNorm());
        }
        return graph.add("Reshape", List.of(x, join(shape, graph.integers(config.hidden()))));
    }

    private static <T> T present(@Nullable T part) {
        return Objects.requireNonNull(part, "a BERT-like encoder has it");
    }

    /** Words, segments and positions, summed in the order of the engine's own pass. */
    private String embedded(Tokens tokens) {
        String sum = graph.add("Gather", List.of(name(weights.words()), tokens.ids()));
        if (weights.types() != null) {
            String table = name(weights.types());
            boolean several = config.tokenTypes() > 1;
            sum = graph.add("Add", List.of(sum, several ? graph.add("Gather", List.of(table, tokens.types())) : table));
        }
        int offset = config.architecture().positions() instanceof Positions.Learned learned ? learned.offset() : 0;
        String length =
                graph.add("Shape", List.of(tokens.ids()), Attribute.integer("start", 1), Attribute.integer("end", 2));
        String end = graph.add("Add", List.of(length, graph.integers(offset)));
        String places = graph.add(
                "Slice", List.of(name(present(weights.positions())), graph.integers(offset), end, graph.integers(0)));
        return graph.add("Add", List.of(sum, places));
    }

    private String rows(String x) {
        return graph.add("Reshape", List.of(x, graph.integers(-1, config.hidden())));
    }

    /** [batch, 1, 1, sequence]: 0 for a token, far below every score for padding. */
    private String padding(String mask) {
        String absent = graph.add("Sub", List.of(mask, graph.real(1)));
        String far = graph.add("Mul", List.of(absent, graph.real(MASKED)));
        return graph.add("Unsqueeze", List.of(far, graph.integers(1, 2)));
    }

    /** All heads' contexts side by side, a row for each token. */
    private String attention(Layer<Slot> layer, String x, String shape, String padding) {
        String heads = join(shape, graph.integers(config.heads(), config.headWidth()));
        List<String> parts = IntStream.range(0, 3)
                .mapToObj(part -> linear(x, name(layer.projections().weight(), part), bias(layer.projections(), part)))
                .map(part -> graph.add("Reshape", List.of(part, heads)))
                .toList();
        String queries = transposed(parts.get(0), 0, 2, 1, 3);
        String keys = transposed(parts.get(1), 0, 2, 3, 1);
        String values = transposed(parts.get(2), 0, 2, 1, 3);
        String scores = graph.add("MatMul", List.of(queries, keys));
        float scale = (float) config.architecture().scoreScale();
        String scaled = graph.add("Mul", List.of(scores, graph.real(scale)));
        String masked = graph.add("Add", List.of(scaled, padding));
        String probabilities = graph.add("Softmax", List.of(masked), Attribute.integer("axis", -1));
        return rows(transposed(graph.add("MatMul", List.of(probabilities, values)), 0, 2, 1, 3));
    }

    private String transposed(String x, long... order) {
        return graph.add("Transpose", List.of(x), Attribute.integers("perm", order));
    }

    private String join(String first, String second) {
        return graph.add("Concat", List.of(first, second), Attribute.integer("axis", 0));
    }

    /** x W^T + b + residual. */
    private String residual(String x, Linear<Slot> layer, String residual) {
        return graph.add("Add", List.of(linear(x, layer), residual));
    }

    private String linear(String x, Linear<Slot> layer) {
        return linear(x, name(layer.weight()), bias(layer, 0));
    }

    /** x W^T + b of a weight [outputs, inputs]. */
    String linear(String x, String weight, String bias) {
        return graph.add("Gemm", List.of(x, weight, bias), Attribute.integer("transB", 1));
    }

    private String norm(String x, Normalisation<Slot> norm) {
        return graph.add(
                "LayerNormalization",
                List.of(x, name(norm.gain()), name(present(norm.shift()))),
                Attribute.integer("axis", -1),
                Attribute.real("epsilon", config.normEpsilon()));
    }

    /** x Phi(x) = x (1 + erf(x / sqrt(2))) / 2. */
    private String gelu(String x) {
        String scaled = graph.add("Mul", List.of(x, graph.real((float) Math.sqrt(0.5))));
        String phi = graph.add("Add", List.of(graph.add("Erf", List.of(scaled)), graph.real(1)));
        return graph.add("Mul", List.of(graph.add("Mul", List.of(x, phi)), graph.real(0.5f)));
    }

    private static String bias(Linear<Slot> layer, int part) {
        return name(present(layer.bias()), part);
    }

    private static String name(Slot slot) {
        return name(slot, 0);
    }

    private static String name(Slot slot, int part) {
        return slot.tensors().get(part).name();
    }
}
