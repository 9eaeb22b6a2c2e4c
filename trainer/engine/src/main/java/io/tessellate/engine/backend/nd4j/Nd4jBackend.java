package io.tessellate.engine.backend.nd4j;

import io.tessellate.engine.backend.Attention;
import io.tessellate.engine.backend.Backends;
import io.tessellate.engine.backend.HeadShape;
import io.tessellate.engine.backend.KeyValues;
import io.tessellate.engine.backend.Matrix;
import io.tessellate.engine.backend.Norm;
import io.tessellate.engine.backend.NormState;
import io.tessellate.engine.backend.Product;
import io.tessellate.engine.backend.Rotation;
import io.tessellate.engine.backend.nd4j.Nd4jAttention.Member;
import java.util.Arrays;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.api.ops.impl.transforms.floating.RSqrt;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Erf;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Exp;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * ND4J operations only, so that it runs wherever ND4J does. Temporaries live for one call and are closed in it. Sums over
 * rows and columns are products with a vector of ones, which ND4J does many times faster than its reductions. Long because
 * the seam is: each of its operations is a few of ND4J's, and stands here by itself.
 */
final class Nd4jBackend extends AbstractNd4jBackend {
    private static final double INV_SQRT_TWO_PI = 1 / Math.sqrt(2 * Math.PI);

    @Override
    public String name() {
        return Backends.ND4J;
    }

    @Override
    public String description() {
        return "ND4J operations only (%s)".formatted(Nd4jRuntime.describe());
    }

    @Override
    Nd4jVector wrap(INDArray array, LongConsumer onClose) {
        return new Nd4jVector(array, onClose);
    }

    @Override
    public void addBias(Matrix x, Matrix bias) {
        into("biasadd", array(x), array(x), vector(bias));
    }

    @Override
    public void add(Matrix x, Matrix y) {
        array(x).addi(array(y));
    }

    @Override
    public void addBiasAndResidual(Matrix x, Matrix bias, Matrix residual) {
        array(x).addi(array(residual));
        addBias(x, bias);
    }

    @Override
    public void addColumnSums(Matrix x, Matrix sums) {
        addColumnSums(array(x), array(sums));
    }

    private static void addColumnSums(INDArray x, INDArray sums) {
        try (INDArray ones = Nd4j.ones(DataType.FLOAT, 1, x.rows())) {
            multiply(Product.AB.accumulating(), ones, x, sums);
        }
    }

    @Override
    public void biasGelu(Matrix x, Matrix bias, Matrix y) {
        addBias(x, bias);
        try (INDArray cdf = normalCdf(array(x))) {
            array(x).muli(cdf, array(y));
        }
    }

    /** Phi(x) = (1 + erf(x / sqrt 2)) / 2. */
    private static INDArray normalCdf(INDArray x) {
        INDArray cdf = x.mul(Math.sqrt(0.5));
        Nd4j.exec(new Erf(cdf, cdf));
        return cdf.addi(1.0).muli(0.5);
    }

    @Override
    public void geluBackward(Matrix x, Matrix gradient) {
        INDArray in = array(x);
        try (INDArray derivative = in.mul(in);
                INDArray cdf = normalCdf(in)) {
            derivative.muli(-0.5);
            Nd4j.exec(new Exp(derivative, derivative));
            derivative.muli(in).muli(INV_SQRT_TWO_PI).addi(cdf);
            array(gradient).muli(derivative);
        }
    }

    @Override
    public void norm(Matrix x, Norm norm, float epsilon, @Nullable NormState state, Matrix y) {
        INDArray in = array(x);
        try (INDArray centred = Nd4j.create(DataType.FLOAT, in.shape(), 'c');
                INDArray squares = Nd4j.create(DataType.FLOAT, in.shape(), 'c');
                INDArray mean = rowMeans(in)) {
            into("subtract", centred, in, mean);
            centred.muli(centred, squares);
            try (INDArray inverse = rowMeans(squares)) {
                inverse.addi(epsilon);
                Nd4j.exec(new RSqrt(inverse, inverse));
                into("multiply", centred, centred, inverse);
                if (state != null) {
                    array(state.normalised()).assign(centred);
                    array(state.inverseDeviation()).assign(inverse);
                }
            }
            into("multiply", array(y), centred, vector(norm.gain()));
            into("biasadd", array(y), array(y), vector(norm.shift()));
        }
    }

    @Override
    public void normBackward(Matrix gradient, Matrix gain, NormState state, @Nullable Norm parameters) {
        INDArray g = array(gradient);
        INDArray normalised = array(state.normalised());
        try (INDArray products = g.mul(normalised)) {
            if (parameters != null) {
                addColumnSums(g, array(parameters.shift()));
                addColumnSums(products, array(parameters.gain()));
            }
            into("multiply", g, g, vector(gain));
            g.muli(normalised, products);
            try (INDArray meanG = rowMeans(g);
                    INDArray meanGx = rowMeans(products)) {
                into("multiply", products, normalised, meanGx);
                g.subi(products);
                into("subtract", g, g, meanG);
                into("multiply", g, g, array(state.inverseDeviation()));
            }
        }
    }

    private static INDArray rowMeans(INDArray x) {
        try (INDArray weights = Nd4j.valueArrayOf(new long[] {x.columns(), 1}, 1.0 / x.columns(), DataType.FLOAT)) {
            return product(x, weights);
        }
    }

    private static INDArray product(INDArray a, INDArray b) {
        INDArray c = Nd4j.create(DataType.FLOAT, new long[] {a.rows(), b.columns()}, 'c');
        multiply(Product.AB, a, b, c);
        return c;
    }

    @Override
    public void rmsNorm(Matrix x, Matrix gain, float epsilon, @Nullable NormState state, Matrix y) {
        INDArray in = array(x);
        try (INDArray normalised = in.mul(in);
                INDArray inverse = rowMeans(normalised)) {
            inverse.addi(epsilon);
            Nd4j.exec(new RSqrt(inverse, inverse));
            into("multiply", normalised, in, inverse);
            if (state != null) {
                array(state.normalised()).assign(normalised);
                array(state.inverseDeviation()).assign(inverse);
            }
            into("multiply", array(y), normalised, vector(gain));
        }
    }

    @Override
    public void rmsNormBackward(Matrix gradient, Matrix gain, NormState state, @Nullable Matrix gainSums) {
        INDArray g = array(gradient);
        INDArray normalised = array(state.normalised());
        try (INDArray products = g.mul(normalised)) {
            if (gainSums != null) {
                addColumnSums(products, array(gainSums));
            }
            into("multiply", g, g, vector(gain));
            g.muli(normalised, products);
            try (INDArray meanGx = rowMeans(products)) {
                into("multiply", products, normalised, meanGx);
                g.subi(products);
                into("multiply", g, g, array(state.inverseDeviation()));
            }
        }
    }

    @Override
    public void tanhGelu(Matrix x, Matrix y) {
        Nd4jActivations.tanhGelu(array(x), array(y));
    }

    @Override
    public void tanhGeluBackward(Matrix x, Matrix gradient) {
        Nd4jActivations.tanhGeluBackward(array(x), array(gradient));
    }

    @Override
    public void relu(Matrix x, Matrix y) {
        Nd4jActivations.relu(array(x), array(y));
    }

    @Override
    public void reluBackward(Matrix x, Matrix gradient) {
        Nd4jActivations.reluBackward(array(x), array(gradient));
    }

    @Override
    public void siluGate(Matrix x, Matrix y) {
        Nd4jActivations.siluGate(array(x), array(y));
    }

    @Override
    public void siluGateBackward(Matrix x, Matrix gradient, Matrix inputGradient) {
        Nd4jActivations.siluGateBackward(array(x), array(gradient), array(inputGradient));
    }

    @Override
    public void rotate(Matrix x, Rotation rotation, boolean back) {
        int half = rotation.width() / 2;
        long[] halves = {x.rows(), rotation.heads(), 2, half};
        try (INDArray turned = Nd4jActivations.columns(x, 0, rotation.heads() * rotation.width())
                        .dup('c');
                INDArray left = part(turned.reshape('c', halves), 0).dup('c');
                INDArray right = part(turned.reshape('c', halves), 1).dup('c');
                INDArray product = left.dup('c')) {
            INDArray cos = array(rotation.cos()).reshape('c', x.rows(), 1, half);
            INDArray sin = array(rotation.sin()).reshape('c', x.rows(), 1, half);
            into("multiply", product, right, sin);
            turn(product, left, cos, back ? 1 : -1, part(turned.reshape('c', halves), 0));
            into("multiply", product, left, sin);
            turn(product, right, cos, back ? -1 : 1, part(turned.reshape('c', halves), 1));
            Nd4jActivations.columns(x, 0, rotation.heads() * rotation.width()).assign(turned);
        }
    }

    private static INDArray part(INDArray halves, int which) {
        return halves.get(NDArrayIndex.all(), NDArrayIndex.all(), NDArrayIndex.point(which));
    }

    /** result = x cos + sign product. */
    private static void turn(INDArray product, INDArray x, INDArray cos, double sign, INDArray result) {
        try (INDArray sum = x.dup('c')) {
            into("multiply", sum, sum, cos);
            sum.addi(product.muli(sign));
            result.assign(sum);
        }
    }

    @Override
    public Attention attention(HeadShape shape, Matrix projections, Matrix scores, Matrix context) {
        return Nd4jAttention.of(shape, projections, scores, context);
    }

    @Override
    public void attend(Attention attention, int[] lengths) {
        Nd4jAttention a = (Nd4jAttention) attention;
        for (Member member : a.members()) {
            multiply(Product.ABT, member.query(), a.key(), member.scores());
        }
        try (INDArray mask = Nd4jReach.mask(a.shape(), lengths)) {
            softmax(array(a.scores()), a.shape(), a.shape().length(), mask);
        }
        for (Member member : a.members()) {
            multiply(Product.AB, member.scores(), a.value(), member.context());
        }
    }

    @Override
    public void attendBackward(Attention attention, int[] lengths, Attention gradients) {
        Nd4jAttention a = (Nd4jAttention) attention;
        Nd4jAttention d = (Nd4jAttention) gradients;
        for (int m = 0; m < a.members().size(); m++) {
            Member in = a.members().get(m);
            Member out = d.members().get(m);
            multiply(NativeHeads.shared(Product.ATB, m), in.scores(), out.context(), d.value());
            multiply(Product.ABT, out.context(), a.value(), out.scores());
        }
        softmaxBackward(a.scores(), a.shape(), d.scores());
        for (int m = 0; m < a.members().size(); m++) {
            Member in = a.members().get(m);
            Member out = d.members().get(m);
            multiply(Product.AB, out.scores(), a.key(), out.query());
            multiply(NativeHeads.shared(Product.ATB, m), out.scores(), in.query(), d.key());
        }
    }

    @Override
    public void keep(Matrix projections, int[] rows, KeyValues past, int[] slots) {
        int columns = past.rows().columns();
        INDArray from = Nd4jActivations.columns(projections, past.shape().contextColumns(), columns);
        for (int i = 0; i < rows.length; i++) {
            array(past.rows()).getRow(slots[i]).assign(from.getRow(rows[i]));
        }
    }

    @Override
    public void attendNext(Matrix projections, KeyValues past, int[] lengths, Matrix context) {
        HeadShape shape = past.shape();
        int shared = shape.keyValueHeads();
        try (INDArray scores = Nd4j.create(
                        DataType.FLOAT, new long[] {shape.batch(), shared, shape.group(), shape.length()}, 'c');
                INDArray query = perHead(
                        Nd4jActivations.columns(projections, 0, shape.contextColumns())
                                .dup('c'),
                        shape,
                        shape.group());
                INDArray result = Nd4j.create(DataType.FLOAT, query.shape(), 'c');
                INDArray mask = Nd4jReach.last(shape, lengths)) {
            multiply(Product.ABT, query, kept(past, 0), scores);
            INDArray rows = scores.reshape('c', shape.batch() * shape.heads(), shape.length());
            softmax(rows, shape, 1, mask);
            multiply(Product.AB, scores, kept(past, 1), result);
            array(context).assign(result.reshape('c', shape.batch(), shape.contextColumns()));
        }
    }

    private static INDArray perHead(INDArray x, HeadShape shape, int group) {
        return x.reshape('c', shape.batch(), shape.keyValueHeads(), group, shape.width());
    }

    /** The keys (part 0) or values (part 1) as [batch, heads, tokens, width]. */
    private static INDArray kept(KeyValues past, int part) {
        HeadShape shape = past.shape();
        return array(past.rows())
                .reshape('c', shape.batch(), shape.length(), 2, shape.keyValueHeads(), shape.width())
                .get(NDArrayIndex.all(), NDArrayIndex.all(), NDArrayIndex.point(part))
                .permute(0, 2, 1, 3);
    }

    /** Softmax of scaled and masked scores; {@code queries} rows per head. */
    private static void softmax(INDArray scores, HeadShape shape, int queries, INDArray mask) {
        scores.muli(shape.scale());
        INDArray perHead = scores.reshape('c', shape.batch(), shape.heads(), queries, shape.length());
        into("add", perHead, perHead, mask);
        Nd4j.exec(DynamicCustomOp.builder("softmax")
                .addInputs(scores)
                .addOutputs(scores)
                .addIntegerArguments(1)
                .build());
    }

    private static void softmaxBackward(Matrix probabilities, HeadShape shape, Matrix gradient) {
        INDArray p = array(probabilities);
        INDArray g = array(gradient);
        try (INDArray products = g.mul(p);
                INDArray ones = Nd4j.ones(DataType.FLOAT, shape.length(), 1);
                INDArray dots = product(products, ones)) {
            into("subtract", g, g, dots);
        }
        g.muli(p).muli(shape.scale());
    }

    @Override
    public void gatherRows(Matrix table, int[] ids, Matrix rows, boolean add) {
        try (INDArray indices = Nd4j.createFromArray(ids);
                INDArray gathered = Nd4j.create(DataType.FLOAT, new long[] {rows.rows(), rows.columns()}, 'c')) {
            Nd4j.exec(DynamicCustomOp.builder("gather")
                    .addInputs(array(table), indices)
                    .addOutputs(gathered)
                    .addIntegerArguments(0)
                    .build());
            if (add) {
                array(rows).addi(gathered);
            } else {
                array(rows).assign(gathered);
            }
        }
    }

    /** ND4J adds repeated rows in whatever order its threads come, so they are summed beforehand. */
    @Override
    public void scatterAddRows(Matrix rows, int[] ids, Matrix table) {
        int columns = rows.columns();
        int[] distinct = Arrays.stream(ids).distinct().sorted().toArray();
        float[] values = new float[rows.size()];
        rows.get(values);
        float[] sums = new float[distinct.length * columns];
        for (int r = 0; r < ids.length; r++) {
            int to = Arrays.binarySearch(distinct, ids[r]) * columns;
            for (int c = 0; c < columns; c++) {
                sums[to + c] += values[r * columns + c];
            }
        }
        try (INDArray indices = Nd4j.createFromArray(distinct);
                INDArray updates = Nd4j.create(sums, new long[] {distinct.length, columns}, 'c')) {
            into("scatter_add", array(table), array(table), indices, updates);
        }
    }

    @Override
    public double crossEntropy(Matrix logits, int[] targets, float scale) {
        INDArray p = array(logits);
        Nd4j.exec(DynamicCustomOp.builder("softmax")
                .addInputs(p)
                .addOutputs(p)
                .addIntegerArguments(1)
                .build());
        double loss = 0;
        for (int r = 0; r < targets.length; r++) {
            double probability = p.getDouble(r, targets[r]);
            loss -= Math.log(Math.max(probability, Float.MIN_NORMAL));
            p.putScalar(r, targets[r], probability - 1);
        }
        p.muli(scale);
        return loss;
    }

    private static INDArray vector(Matrix row) {
        return array(row).reshape(new long[] {row.columns()});
    }

    /** Runs a named operation into {@code output}. */
    private static void into(String operation, INDArray output, INDArray... inputs) {
        Nd4j.exec(DynamicCustomOp.builder(operation)
                .addInputs(inputs)
                .addOutputs(output)
                .build());
    }
}
