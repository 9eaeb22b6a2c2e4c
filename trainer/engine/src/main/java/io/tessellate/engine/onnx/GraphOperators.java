package io.tessellate.engine.onnx;

import io.tessellate.engine.model.config.ModelConfig;
import io.tessellate.engine.model.weights.Slot;
import io.tessellate.engine.model.weights.TransformerParts.Linear;
import io.tessellate.engine.model.weights.TransformerParts.Normalisation;
import io.tessellate.engine.onnx.OnnxGraph.Attribute;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the layers of every family consist of, as ONNX operators on the weights as their files hold them.
 *
 * @param graph that gets the operators
 * @param config of the model
 */
record GraphOperators(OnnxGraph graph, ModelConfig config) {
    /** What is added to the score of what is not seen: its probability is 0 after softmax, and the sum stays finite. */
    static final float MASKED = 1e30f;

    /** Hidden vectors as rows, one for each token. */
    String rows(String x) {
        return graph.add("Reshape", List.of(x, graph.integers(-1, config.hidden())));
    }

    String transposed(String x, long... order) {
        return graph.add("Transpose", List.of(x), Attribute.integers("perm", order));
    }

    String join(String first, String second, int axis) {
        return graph.add("Concat", List.of(first, second), Attribute.integer("axis", axis));
    }

    /** Some places of an axis. */
    String slice(String x, int axis, long from, long to) {
        return slice(x, axis, graph.integers(from), graph.integers(to));
    }

    /** The same between places that the graph computes. */
    String slice(String x, int axis, String from, String to) {
        return graph.add("Slice", List.of(x, from, to, graph.integers(axis)));
    }

    String sum(String first, String second) {
        return graph.add("Add", List.of(first, second));
    }

    String product(String first, String second) {
        return graph.add("Mul", List.of(first, second));
    }

    /** A vector of one column or one row more. */
    String unsqueezed(String x, long... axes) {
        return graph.add("Unsqueeze", List.of(x, graph.integers(axes)));
    }

    /** As numbers. */
    String real(String x) {
        return graph.add("Cast", List.of(x), Attribute.integer("to", OnnxGraph.Element.FLOAT.number()));
    }

    /** x W^T + b of one of the tensors that are multiplied with the same. */
    String linear(String x, Linear<Slot> layer, int part) {
        List<String> reads = new ArrayList<>(List.of(x, name(layer.weight(), part)));
        Slot bias = layer.bias();
        if (bias != null) {
            reads.add(name(bias, part));
        }
        return graph.add("Gemm", reads, Attribute.integer("transB", 1));
    }

    String norm(String x, Normalisation<Slot> norm) {
        List<String> reads = new ArrayList<>(List.of(x, name(norm.gain(), 0)));
        Slot shift = norm.shift();
        if (shift != null) {
            reads.add(name(shift, 0));
        }
        return graph.add(
                "LayerNormalization",
                reads,
                Attribute.integer("axis", -1),
                Attribute.real("epsilon", config.normEpsilon()));
    }

    /** The same, or what is not normalised as it is. */
    String normed(String x, @Nullable Normalisation<Slot> norm) {
        return norm == null ? x : norm(x, norm);
    }

    /** x Phi(x) = x (1 + erf(x / sqrt(2))) / 2. */
    String gelu(String x) {
        String scaled = product(x, graph.real((float) Math.sqrt(0.5)));
        String phi = sum(graph.add("Erf", List.of(scaled)), graph.real(1));
        return product(product(x, phi), graph.real(0.5f));
    }

    /** The places 0 to length - 1; {@code length} is a vector of one number. */
    String places(String length) {
        long[] all = new long[config.maxPositions()];
        for (int p = 0; p < all.length; p++) {
            all[p] = p;
        }
        return slice(graph.integers("places", all), 0, graph.integers(0), length);
    }

    /** [length, length]: the place of the row less that of the column. */
    String distances(String length) {
        String places = places(length);
        return graph.add("Sub", List.of(unsqueezed(places, 1), unsqueezed(places, 0)));
    }

    static String name(Slot slot, int part) {
        return slot.tensors().get(part).name();
    }
}
