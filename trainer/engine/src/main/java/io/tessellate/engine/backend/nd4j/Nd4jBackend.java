package io.tessellate.engine.backend.nd4j;

import io.tessellate.engine.backend.Attention;
import io.tessellate.engine.backend.Backends;
import io.tessellate.engine.backend.HeadShape;
import io.tessellate.engine.backend.Matrix;
import io.tessellate.engine.backend.Norm;
import io.tessellate.engine.backend.NormState;
import io.tessellate.engine.backend.Product;
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

/**
 * ND4J operations only, so that it runs wherever ND4J does. Temporaries live for one call and are closed in it. Sums over
 * rows and columns are products with a vector of ones, which ND4J does many times faster than its reductions.
 */
final class Nd4jBackend extends AbstractNd4jBackend {
    private static final double INV_SQRT_TWO_PI = 1 / Math.sqrt(2 * Math.PI);

    /** Added to the score of a key that takes no part; its exponential is exactly 0. */
    private static final float EXCLUDED = -1e30f;

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
    public Attention attention(HeadShape shape, Matrix projections, Matrix scores, Matrix context) {
        return Nd4jAttention.of(shape, projections, scores, context);
    }

    @Override
    public void attend(Attention attention, int[] lengths) {
        Nd4jAttention a = (Nd4jAttention) attention;
        multiply(Product.ABT, a.query(), a.key(), a.scoreHeads());
        softmax(a.scores(), a.shape(), lengths);
        multiply(Product.AB, a.scoreHeads(), a.value(), a.contextHeads());
    }

    @Override
    public void attendBackward(Attention attention, int[] lengths, Attention gradients) {
        Nd4jAttention a = (Nd4jAttention) attention;
        Nd4jAttention d = (Nd4jAttention) gradients;
        multiply(Product.ATB, a.scoreHeads(), d.contextHeads(), d.value());
        multiply(Product.ABT, d.contextHeads(), a.value(), d.scoreHeads());
        softmaxBackward(a.scores(), a.shape(), d.scores());
        multiply(Product.AB, d.scoreHeads(), a.key(), d.query());
        multiply(Product.ATB, d.scoreHeads(), a.query(), d.key());
    }

    private static void softmax(Matrix scores, HeadShape shape, int[] lengths) {
        INDArray x = array(scores);
        x.muli(shape.scale());
        try (INDArray mask = Nd4j.createFromArray(mask(shape, lengths))) {
            INDArray perSequence = x.reshape('c', shape.batch(), (long) shape.heads() * shape.length(), shape.length());
            into("add", perSequence, perSequence, mask.reshape('c', shape.batch(), 1, shape.length()));
        }
        Nd4j.exec(DynamicCustomOp.builder("softmax")
                .addInputs(x)
                .addOutputs(x)
                .addIntegerArguments(1)
                .build());
    }

    private static float[] mask(HeadShape shape, int[] lengths) {
        float[] mask = new float[shape.batch() * shape.length()];
        for (int b = 0; b < shape.batch(); b++) {
            for (int s = lengths[b]; s < shape.length(); s++) {
                mask[b * shape.length() + s] = EXCLUDED;
            }
        }
        return mask;
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
