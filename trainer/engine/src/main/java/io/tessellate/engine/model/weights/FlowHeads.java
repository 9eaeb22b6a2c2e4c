package io.tessellate.engine.model.weights;

import io.tessellate.engine.backend.HeadShape;
import io.tessellate.engine.model.config.ModelConfig;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Attention of one token to itself, its score not normalised, in {@link SynapticFlow}. */
final class FlowHeads {
    private final int width;
    private final HeadShape shape;
    private final double scale;
    private final HeadNorm queries;
    private final HeadNorm keys;
    private double[] p = new double[0];

    FlowHeads(ModelConfig config, @Nullable FlowNorm query, @Nullable FlowNorm key) {
        width = config.headWidth();
        shape = config.heads(1, 1, 0);
        scale = config.architecture().scoreScale();
        queries = new HeadNorm(query, shape.queries(), width);
        keys = new HeadNorm(key, shape.keys(), width);
    }

    double[] forward(double[] projections) {
        p = projections;
        queries.forward(p);
        keys.forward(p);
        double[] context = new double[shape.contextColumns()];
        for (int h = 0; h < shape.heads(); h++) {
            double score = score(h);
            for (int i = 0; i < width; i++) {
                context[h * width + i] = score * p[value(h) + i];
            }
        }
        return context;
    }

    double[] backward(double[] flow) {
        double[] back = new double[p.length];
        for (int h = 0; h < shape.heads(); h++) {
            double score = score(h);
            double ofScore = scale * dot(flow, h * width, value(h));
            for (int i = 0; i < width; i++) {
                back[value(h) + i] += score * flow[h * width + i];
                back[query(h) + i] += ofScore * p[key(h) + i];
                back[key(h) + i] += ofScore * p[query(h) + i];
            }
        }
        queries.backward(back);
        keys.backward(back);
        return back;
    }

    private double score(int head) {
        return scale * dot(p, query(head), key(head));
    }

    private double dot(double[] a, int from, int other) {
        return IntStream.range(0, width)
                .mapToDouble(i -> a[from + i] * p[other + i])
                .sum();
    }

    private int query(int head) {
        return shape.queries().of(head);
    }

    private int key(int head) {
        return shape.keys().of(head / shape.group());
    }

    private int value(int head) {
        return shape.values().of(head / shape.group());
    }

    /** Each head's query or key, in place; the gains are those of one head. */
    private static final class HeadNorm {
        private final HeadShape.Columns columns;
        private final int width;
        private final List<FlowNorm> norms;

        HeadNorm(@Nullable FlowNorm norm, HeadShape.Columns columns, int width) {
            this.columns = columns;
            this.width = width;
            this.norms = norm == null
                    ? List.of()
                    : IntStream.range(0, columns.count())
                            .mapToObj(head -> norm.another())
                            .toList();
        }

        void forward(double[] x) {
            each(x, (norm, head) -> norm.forward(head));
        }

        void backward(double[] flow) {
            each(flow, (norm, head) -> norm.backward(head));
        }

        private void each(double[] x, BiFunction<FlowNorm, double[], double[]> step) {
            for (int h = 0; h < norms.size(); h++) {
                int from = columns.of(h);
                double[] head = step.apply(norms.get(h), Arrays.copyOfRange(x, from, from + width));
                System.arraycopy(head, 0, x, from, width);
            }
        }
    }
}
