package io.tessellate.engine.model;

import io.tessellate.engine.backend.nd4j.ReferenceKernels;
import java.util.Map;

/** The slow, obvious BERT in double precision, one sequence at a time, without padding: what the engine is held against. */
final class ReferenceEncoder {
    private final ModelConfig config;
    private final BertNames names;
    private final Map<String, double[]> weights;

    ReferenceEncoder(ModelConfig config, BertNames names, Map<String, double[]> weights) {
        this.config = config;
        this.names = names;
        this.weights = weights;
    }

    /** Last hidden vectors, [tokens][hidden]. */
    double[][] hidden(int[] ids, int[] types) {
        int hidden = config.hidden();
        double[][] x = new double[ids.length][hidden];
        for (int s = 0; s < ids.length; s++) {
            for (int h = 0; h < hidden; h++) {
                x[s][h] = weight(names.words())[ids[s] * hidden + h]
                        + weight(names.positions())[s * hidden + h]
                        + weight(names.types())[types[s] * hidden + h];
            }
        }
        x = norm(x, names.embeddingNorm());
        for (int l = 0; l < config.layers(); l++) {
            x = layer(x, l);
        }
        return x;
    }

    /** First token's vector, then the mean over all tokens. */
    double[] features(int[] ids, int[] types) {
        double[][] x = hidden(ids, types);
        double[] features = new double[2 * config.hidden()];
        for (int h = 0; h < config.hidden(); h++) {
            features[h] = x[0][h];
            for (double[] token : x) {
                features[config.hidden() + h] += token[h] / x.length;
            }
        }
        return features;
    }

    private double[][] layer(double[][] x, int l) {
        double[][] context = attention(x, l);
        double[][] attended = norm(
                add(linear(context, names.layer(l, "attention.output.dense.")), x),
                names.layer(l, "attention.output.LayerNorm."));
        double[][] inner = linear(attended, names.layer(l, "intermediate.dense."));
        for (double[] row : inner) {
            for (int i = 0; i < row.length; i++) {
                row[i] = row[i] * ReferenceKernels.phi(row[i]);
            }
        }
        return norm(add(linear(inner, names.layer(l, "output.dense.")), attended), names.layer(l, "output.LayerNorm."));
    }

    private double[][] attention(double[][] x, int l) {
        double[][] q = linear(x, names.layer(l, "attention.self.query."));
        double[][] k = linear(x, names.layer(l, "attention.self.key."));
        double[][] v = linear(x, names.layer(l, "attention.self.value."));
        int width = config.headWidth();
        double[][] context = new double[x.length][config.hidden()];
        for (int head = 0; head < config.heads(); head++) {
            for (int s = 0; s < x.length; s++) {
                double[] p = new double[x.length];
                double sum = 0;
                for (int t = 0; t < x.length; t++) {
                    double dot = 0;
                    for (int i = head * width; i < (head + 1) * width; i++) {
                        dot += q[s][i] * k[t][i];
                    }
                    p[t] = Math.exp(dot / Math.sqrt(width));
                    sum += p[t];
                }
                for (int t = 0; t < x.length; t++) {
                    for (int i = head * width; i < (head + 1) * width; i++) {
                        context[s][i] += p[t] / sum * v[t][i];
                    }
                }
            }
        }
        return context;
    }

    private double[][] linear(double[][] x, String name) {
        double[] w = weight(name + "weight");
        double[] b = weight(name + "bias");
        double[][] y = new double[x.length][b.length];
        for (int s = 0; s < x.length; s++) {
            for (int o = 0; o < b.length; o++) {
                y[s][o] = b[o];
                for (int i = 0; i < x[s].length; i++) {
                    y[s][o] += w[o * x[s].length + i] * x[s][i];
                }
            }
        }
        return y;
    }

    private double[][] norm(double[][] x, String name) {
        double[] gain = weight(name + names.gain());
        double[] shift = weight(name + names.shift());
        double[][] y = new double[x.length][gain.length];
        for (int s = 0; s < x.length; s++) {
            double mean = 0;
            double variance = 0;
            for (double value : x[s]) {
                mean += value / gain.length;
            }
            for (double value : x[s]) {
                variance += (value - mean) * (value - mean) / gain.length;
            }
            for (int h = 0; h < gain.length; h++) {
                y[s][h] = gain[h] * (x[s][h] - mean) / Math.sqrt(variance + config.normEpsilon()) + shift[h];
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

    private double[] weight(String name) {
        double[] found = weights.get(name);
        if (found == null) {
            throw new IllegalArgumentException(name);
        }
        return found;
    }
}
