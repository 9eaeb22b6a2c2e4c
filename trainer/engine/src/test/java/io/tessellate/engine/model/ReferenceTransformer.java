package io.tessellate.engine.model;

import io.tessellate.engine.backend.HeadShape;
import io.tessellate.engine.backend.Reach;
import io.tessellate.engine.backend.nd4j.ReferenceKernels;
import io.tessellate.engine.model.TransformerParts.Layer;
import io.tessellate.engine.model.TransformerParts.Linear;
import io.tessellate.engine.model.TransformerParts.Normalisation;
import java.util.List;

/**
 * The slow, obvious transformer in double precision, one sequence at a time, without padding: what the engine is held
 * against.
 */
final class ReferenceTransformer {
    private final ModelConfig config;
    private final Architecture architecture;
    private final TransformerParts<Slot> parts;
    private final double[] weights;

    /** Reads {@code weights}, a flat vector of the layout, each time anew. */
    ReferenceTransformer(ModelConfig config, ParameterLayout layout, double[] weights) {
        this.config = config;
        this.architecture = config.architecture();
        this.parts = Slot.of(config, layout);
        this.weights = weights;
    }

    private static int at(Slot slot) {
        return slot.tensors().get(0).offset();
    }

    /** Last hidden vectors, [tokens][hidden]. */
    double[][] hidden(int[] ids, int[] types) {
        int hidden = config.hidden();
        double[][] x = new double[ids.length][hidden];
        for (int s = 0; s < ids.length; s++) {
            addRow(x[s], parts.words(), ids[s]);
            if (parts.positions() != null) {
                addRow(x[s], parts.positions(), ((Positions.Learned) architecture.positions()).offset() + s);
            }
            if (parts.types() != null) {
                addRow(x[s], parts.types(), config.tokenTypes() == 1 ? 0 : types[s]);
            }
        }
        if (parts.embeddingNorm() != null) {
            x = norm(x, parts.embeddingNorm());
        }
        for (int l = 0; l < config.layers(); l++) {
            x = layer(x, l);
        }
        return parts.finalNorm() == null ? x : norm(x, parts.finalNorm());
    }

    private void addRow(double[] x, Slot table, int row) {
        for (int h = 0; h < x.length; h++) {
            x[h] += weights[at(table) + row * x.length + h];
        }
    }

    /** First or last token's vector, then the mean over all tokens. */
    double[] features(int[] ids, int[] types) {
        double[][] x = hidden(ids, types);
        double[] features = new double[2 * config.hidden()];
        for (int h = 0; h < config.hidden(); h++) {
            features[h] = x[config.causal() ? x.length - 1 : 0][h];
            for (double[] token : x) {
                features[config.hidden() + h] += token[h] / x.length;
            }
        }
        return features;
    }

    /** What each token predicts for the next, [tokens][vocabulary]. */
    double[][] nextTokenLogits(int[] ids) {
        double[][] x = hidden(ids, new int[ids.length]);
        Slot head = parts.head() == null ? parts.words() : parts.head();
        double[][] logits = new double[ids.length][config.vocabulary()];
        for (int s = 0; s < ids.length; s++) {
            for (int v = 0; v < config.vocabulary(); v++) {
                for (int h = 0; h < config.hidden(); h++) {
                    logits[s][v] += x[s][h] * weights[at(head) + v * config.hidden() + h];
                }
            }
        }
        return logits;
    }

    private double[][] layer(double[][] x, int l) {
        Layer<Slot> w = parts.layers().get(l);
        if (architecture.normalisation().before()) {
            double[][] y = add(attention(norm(x, w.attentionNorm()), w, l), x);
            return add(feedForward(norm(y, w.feedForwardNorm()), w), y);
        }
        double[][] y = norm(add(attention(x, w, l), x), w.attentionNorm());
        return norm(add(feedForward(y, w), y), w.feedForwardNorm());
    }

    private double[][] feedForward(double[][] x, Layer<Slot> w) {
        double[][] inner = linear(x, w.up(), config.innerColumns());
        double[][] activated = new double[x.length][config.intermediate()];
        for (int s = 0; s < x.length; s++) {
            for (int i = 0; i < config.intermediate(); i++) {
                activated[s][i] = activation(inner[s], i);
            }
        }
        return linear(activated, w.down(), config.hidden());
    }

    private double activation(double[] inner, int i) {
        double x = inner[i];
        return switch (architecture.activation()) {
            case GELU -> ReferenceKernels.gelu(x);
            case TANH_GELU -> 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
            case RELU -> Math.max(x, 0);
            case SILU_GATE -> x / (1 + Math.exp(-x)) * inner[config.intermediate() + i];
        };
    }

    private double[][] attention(double[][] x, Layer<Slot> w, int l) {
        double[][] projections = linear(x, w.projections(), config.projectionColumns());
        int width = config.headWidth();
        int shared = architecture.attention().keyValueHeads();
        if (architecture.positions() instanceof Positions.Rotary rotary) {
            List<Float> frequencies = rotary.frequencies(width);
            for (int s = 0; s < x.length; s++) {
                for (int head = 0; head < config.heads() + shared; head++) {
                    rotate(projections[s], head * width, s, frequencies);
                }
            }
        }
        double scale = architecture.attention().scaled() ? HeadShape.scaleOf(width) : 1;
        double[][] context = new double[x.length][config.contextColumns()];
        for (int head = 0; head < config.heads(); head++) {
            int group = head / (config.heads() / shared);
            int key = (config.heads() + group) * width;
            int value = (config.heads() + shared + group) * width;
            for (int s = 0; s < x.length; s++) {
                attend(projections, context[s], new int[] {s, head * width, key, value}, scale, reach(l));
            }
        }
        return linear(context, w.output(), config.hidden());
    }

    private Reach reach(int layer) {
        return architecture.attention().reach(layer);
    }

    private void attend(double[][] projections, double[] context, int[] at, double scale, Reach reach) {
        int s = at[0];
        int width = config.headWidth();
        double[] p = new double[projections.length];
        double sum = 0;
        for (int t = reach.first(s); t < reach.end(s, projections.length); t++) {
            double dot = 0;
            for (int i = 0; i < width; i++) {
                dot += projections[s][at[1] + i] * projections[t][at[2] + i];
            }
            p[t] = Math.exp(dot * scale);
            sum += p[t];
        }
        for (int t = 0; t < projections.length; t++) {
            for (int i = 0; i < width; i++) {
                context[at[1] + i] += p[t] / sum * projections[t][at[3] + i];
            }
        }
    }

    private static void rotate(double[] x, int from, int position, List<Float> frequencies) {
        int half = frequencies.size();
        for (int i = 0; i < half; i++) {
            double angle = position * (double) frequencies.get(i);
            double left = x[from + i];
            double right = x[from + half + i];
            x[from + i] = left * Math.cos(angle) - right * Math.sin(angle);
            x[from + half + i] = right * Math.cos(angle) + left * Math.sin(angle);
        }
    }

    private double[][] linear(double[][] x, Linear<Slot> linear, int outputs) {
        boolean transposed = architecture.storage() == Architecture.Storage.CONV1D;
        int inputs = x[0].length;
        double[][] y = new double[x.length][outputs];
        for (int s = 0; s < x.length; s++) {
            for (int o = 0; o < outputs; o++) {
                y[s][o] = linear.bias() == null ? 0 : weights[at(linear.bias()) + o];
                for (int i = 0; i < inputs; i++) {
                    y[s][o] += x[s][i] * weights[at(linear.weight()) + (transposed ? i * outputs + o : o * inputs + i)];
                }
            }
        }
        return y;
    }

    private double[][] norm(double[][] x, Normalisation<Slot> norm) {
        double[][] y = new double[x.length][config.hidden()];
        for (int s = 0; s < x.length; s++) {
            double mean = 0;
            double variance = 0;
            for (double value : x[s]) {
                mean += norm.shift() == null ? 0 : value / config.hidden();
            }
            for (double value : x[s]) {
                variance += (value - mean) * (value - mean) / config.hidden();
            }
            for (int h = 0; h < config.hidden(); h++) {
                double shift = norm.shift() == null ? 0 : weights[at(norm.shift()) + h];
                y[s][h] = weights[at(norm.gain()) + h] * (x[s][h] - mean) / Math.sqrt(variance + config.normEpsilon())
                        + shift;
            }
        }
        return y;
    }

    private static double[][] add(double[][] a, double[][] b) {
        for (int s = 0; s < a.length; s++) {
            for (int i = 0; i < a[s].length; i++) {
                a[s][i] += b[s][i];
            }
        }
        return a;
    }
}
