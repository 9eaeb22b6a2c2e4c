package io.tessellate.engine.model.weights;

import io.tessellate.engine.model.config.Architecture;
import io.tessellate.engine.model.config.ModelConfig;
import io.tessellate.engine.model.weights.TransformerParts.Layer;
import io.tessellate.engine.model.weights.TransformerParts.Linear;
import io.tessellate.engine.model.weights.TransformerParts.Normalisation;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * How much flows through each weight when a transformer is made linear in its activations and all its weights positive
 * (synaptic flow, Tanaka et al. 2020, <a href="https://arxiv.org/abs/2006.05467">2006.05467</a>, in one pass):
 * {@code dR/d|w|}, R the sum of the last hidden vector of one token. In this network
 *
 * <ul>
 *   <li>the token's embedding is a vector of ones, times what embeddings are multiplied with,
 *   <li>every weight is its absolute value; biases, shifts and the vectors of places are left out,
 *   <li>a normalisation multiplies by {@code |gain| / r}, r the root mean square of its input, taken as a constant; that of
 *       a head's query or key likewise,
 *   <li>softmax and caps are the identity: a head gives {@code scale (q . k) v}, as the one token sees only itself,
 *   <li>activations are the identity; a gated block multiplies gate and input.
 * </ul>
 *
 * Computed in double precision and for one token, so it costs about as much as reading the weights.
 */
public final class SynapticFlow {
    private final ModelConfig config;
    private final Weights weights;
    private final NavigableMap<Long, Matrix> flows = new TreeMap<>();

    private SynapticFlow(ModelConfig config, Weights weights) {
        this.config = config;
        this.weights = weights;
    }

    /** The flow at the values that the weights have now. */
    public static SynapticFlow of(ModelConfig config, Weights weights) {
        SynapticFlow flow = new SynapticFlow(config, weights);
        flow.run(Slot.of(config, weights.layout()));
        return flow;
    }

    /** What flows through the eligible weight at a place of the row of parameters, its own size not counted. */
    public double at(long place) {
        return flows.floorEntry(place).getValue().flow(place);
    }

    private void run(TransformerParts<Slot> parts) {
        boolean before = config.architecture().normalisation().before();
        List<Block> blocks = parts.layers().stream().map(Block::new).toList();
        double[] hidden = new double[config.hidden()];
        Arrays.fill(hidden, config.architecture().vocabulary().embeddingScale());
        for (Block block : blocks) {
            hidden = before ? block.forwardNormsBefore(hidden) : block.forwardNormsAfter(hidden);
        }
        double[] flow = new double[hidden.length];
        Arrays.fill(flow, 1);
        if (parts.finalNorm() != null) {
            FlowNorm last = norm(parts.finalNorm());
            last.forward(hidden);
            flow = last.backward(flow);
        }
        for (int l = blocks.size() - 1; l >= 0; l--) {
            flow = before
                    ? blocks.get(l).backwardNormsBefore(flow)
                    : blocks.get(l).backwardNormsAfter(flow);
        }
    }

    private static double[] sum(double[] a, double[] b) {
        return IntStream.range(0, a.length).mapToDouble(i -> a[i] + b[i]).toArray();
    }

    /** One layer. */
    private final class Block {
        private final Architecture.Normalisation place = config.architecture().normalisation();
        private final Matrix projections;
        private final FlowHeads heads;
        private final Matrix output;
        private final @Nullable FlowNorm attentionNorm;
        private final @Nullable FlowNorm attentionResult;
        private final Matrix up;
        private final Gate gate = new Gate();
        private final Matrix down;
        private final FlowNorm feedForwardNorm;
        private final @Nullable FlowNorm feedForwardResult;

        Block(Layer<Slot> layer) {
            projections = new Matrix(layer.projections());
            heads = new FlowHeads(
                    config,
                    optional(layer.norms().query()),
                    optional(layer.norms().key()));
            output = new Matrix(layer.output());
            attentionNorm = optional(layer.attentionNorm());
            attentionResult = optional(layer.norms().attentionResult());
            up = new Matrix(layer.up());
            down = new Matrix(layer.down());
            feedForwardNorm = norm(layer.feedForwardNorm());
            feedForwardResult = optional(layer.norms().feedForwardResult());
        }

        double[] forwardNormsAfter(double[] x) {
            double[] attended = forward(attentionNorm, sum(x, attention(x)));
            return feedForwardNorm.forward(sum(attended, feedForward(attended)));
        }

        double[] backwardNormsAfter(double[] flow) {
            double[] second = feedForwardNorm.backward(flow);
            double[] first = backward(attentionNorm, sum(second, feedForwardBackward(second)));
            return sum(first, attentionBackward(first));
        }

        double[] forwardNormsBefore(double[] x) {
            double[] attended = sum(x, forward(attentionResult, attention(forward(attentionNorm, x))));
            double[] read = place.parallel() ? x : attended;
            return sum(attended, forward(feedForwardResult, feedForward(feedForwardNorm.forward(read))));
        }

        double[] backwardNormsBefore(double[] flow) {
            double[] ofFeedForward = feedForwardNorm.backward(feedForwardBackward(backward(feedForwardResult, flow)));
            double[] second = sum(flow, ofFeedForward);
            double[] above = place.parallel() ? flow : second;
            return sum(second, backward(attentionNorm, attentionBackward(backward(attentionResult, above))));
        }

        private double[] forward(@Nullable FlowNorm norm, double[] x) {
            return norm == null ? x : norm.forward(x);
        }

        private double[] backward(@Nullable FlowNorm norm, double[] flow) {
            return norm == null ? flow : norm.backward(flow);
        }

        private double[] attention(double[] x) {
            return output.forward(heads.forward(projections.forward(x)));
        }

        private double[] attentionBackward(double[] flow) {
            return projections.backward(heads.backward(output.backward(flow)));
        }

        private double[] feedForward(double[] x) {
            return down.forward(gate.forward(up.forward(x)));
        }

        private double[] feedForwardBackward(double[] flow) {
            return up.backward(gate.backward(down.backward(flow)));
        }
    }

    /** A linear layer of absolute weights; what went in and what comes back give the flow through each. */
    private final class Matrix {
        private final long offset;
        private final int rows;
        private final int columns;
        private final boolean transposed = config.architecture().storage().transposed();
        private double[] in = new double[0];
        private double[] back = new double[0];

        Matrix(Linear<Slot> linear) {
            List<ParameterTensor> tensors = linear.weight().tensors();
            offset = tensors.get(0).offset();
            columns = tensors.get(0).columns();
            rows = tensors.stream().mapToInt(ParameterTensor::rows).sum();
            flows.put(offset, this);
        }

        double[] forward(double[] x) {
            in = x;
            return times(x, transposed);
        }

        double[] backward(double[] flow) {
            back = flow;
            return times(flow, !transposed);
        }

        /** |W| x, or by columns |W|^T x. */
        private double[] times(double[] x, boolean byColumns) {
            double[] y = new double[byColumns ? columns : rows];
            float[] row = new float[columns];
            for (int r = 0; r < rows; r++) {
                weights.vector().get(offset + (long) r * columns, row, 0, columns);
                for (int c = 0; c < columns; c++) {
                    double weight = Math.abs(row[c]);
                    y[byColumns ? c : r] += weight * x[byColumns ? r : c];
                }
            }
            return y;
        }

        double flow(long place) {
            int row = (int) ((place - offset) / columns);
            int column = (int) ((place - offset) % columns);
            return transposed ? in[row] * back[column] : back[row] * in[column];
        }
    }

    /** Gate times input, or nothing where there is no gate. */
    private final class Gate {
        private final boolean gated = config.architecture().activation().gated();
        private double[] inner = new double[0];

        double[] forward(double[] x) {
            inner = x;
            int width = config.intermediate();
            return gated
                    ? IntStream.range(0, width)
                            .mapToDouble(i -> x[i] * x[width + i])
                            .toArray()
                    : x;
        }

        double[] backward(double[] flow) {
            int width = config.intermediate();
            return gated
                    ? IntStream.range(0, 2 * width)
                            .mapToDouble(i -> flow[i % width] * inner[(i + width) % (2 * width)])
                            .toArray()
                    : flow;
        }
    }

    private @Nullable FlowNorm optional(@Nullable Normalisation<Slot> norm) {
        return norm == null ? null : norm(norm);
    }

    private FlowNorm norm(Normalisation<Slot> norm) {
        ParameterTensor tensor = norm.gain().tensors().get(0);
        float[] values = weights.vector().toArray(tensor.offset(), tensor.size());
        double offset = config.architecture().normalisation().gainOffset();
        return new FlowNorm(IntStream.range(0, values.length)
                .mapToDouble(i -> Math.abs(values[i] + offset))
                .toArray());
    }
}
