package io.tessellate.engine.backend.nd4j;

import static io.tessellate.engine.backend.nd4j.Nd4jOperations.into;
import static io.tessellate.engine.backend.nd4j.Nd4jOperations.product;
import static io.tessellate.engine.backend.nd4j.Nd4jProducts.array;
import static io.tessellate.engine.backend.nd4j.Nd4jProducts.multiply;

import io.tessellate.engine.backend.Attention;
import io.tessellate.engine.backend.AttentionKernels;
import io.tessellate.engine.backend.HeadShape;
import io.tessellate.engine.backend.KeyValues;
import io.tessellate.engine.backend.Matrix;
import io.tessellate.engine.backend.ProbabilityDropout;
import io.tessellate.engine.backend.Product;
import io.tessellate.engine.backend.Rotation;
import io.tessellate.engine.backend.nd4j.Nd4jAttention.Member;
import java.util.Arrays;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Attention of ND4J operations, on views of all heads at once. */
final class Nd4jAttentionKernels implements AttentionKernels {
    @Override
    public void rotate(Matrix x, Rotation rotation, boolean back) {
        rotation.heads().forEach(heads -> rotate(x, rotation, heads, back));
    }

    private static void rotate(Matrix x, Rotation rotation, HeadShape.Columns heads, boolean back) {
        int half = rotation.cos().columns();
        long[] halves = {x.rows(), heads.count(), 2, half};
        INDArray where = Nd4jAttention.heads(x, heads, rotation.columns());
        try (INDArray turned = where.dup('c');
                INDArray left = part(turned.reshape('c', halves), 0).dup('c');
                INDArray right = part(turned.reshape('c', halves), 1).dup('c');
                INDArray product = left.dup('c')) {
            INDArray cos = array(rotation.cos()).reshape('c', x.rows(), 1, half);
            INDArray sin = array(rotation.sin()).reshape('c', x.rows(), 1, half);
            into("multiply", product, right, sin);
            turn(product, left, cos, back ? 1 : -1, part(turned.reshape('c', halves), 0));
            into("multiply", product, left, sin);
            turn(product, right, cos, back ? -1 : 1, part(turned.reshape('c', halves), 1));
            where.assign(turned);
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
    public void attend(Attention attention, int[] lengths, ProbabilityDropout dropout) {
        Nd4jAttention a = (Nd4jAttention) attention;
        rawScores(a);
        contexts(a, lengths, dropout);
    }

    @Override
    public void attend(Attention.Disentangled attention, int[] lengths, ProbabilityDropout dropout) {
        Nd4jAttention a = (Nd4jAttention) attention.tokens();
        rawScores(a);
        new Nd4jPlaces(attention).addTo(a.scores());
        contexts(a, lengths, dropout);
    }

    private static void rawScores(Nd4jAttention a) {
        for (Member member : a.members()) {
            multiply(Product.ABT, member.query(), a.key(), member.scores());
        }
    }

    private static void contexts(Nd4jAttention a, int[] lengths, ProbabilityDropout dropout) {
        try (INDArray mask = Nd4jReach.mask(a.shape(), lengths)) {
            softmax(array(a.scores()), a.shape(), a.shape().length(), mask);
        }
        withDropout(a, dropout, () -> {
            for (Member member : a.members()) {
                multiply(Product.AB, member.scores(), a.value(), member.context());
            }
        });
    }

    @Override
    public void attendBackward(Attention attention, int[] lengths, ProbabilityDropout dropout, Attention gradients) {
        Nd4jAttention a = (Nd4jAttention) attention;
        Nd4jAttention d = (Nd4jAttention) gradients;
        withDropout(a, dropout, () -> {
            for (int m = 0; m < a.members().size(); m++) {
                Member in = a.members().get(m);
                Member out = d.members().get(m);
                multiply(shared(Product.ATB, m), in.scores(), out.context(), d.value());
            }
        });
        for (Member member : d.members()) {
            multiply(Product.ABT, member.context(), a.value(), member.scores());
        }
        drop(d, dropout);
        softmaxBackward(a.scores(), a.shape(), d.scores());
        belowCap(a, array(d.scores()));
        for (int m = 0; m < a.members().size(); m++) {
            Member in = a.members().get(m);
            Member out = d.members().get(m);
            multiply(Product.AB, out.scores(), a.key(), out.query());
            multiply(shared(Product.ATB, m), out.scores(), in.query(), d.key());
        }
    }

    @Override
    public void attendBackward(
            Attention.Disentangled attention,
            int[] lengths,
            ProbabilityDropout dropout,
            Attention.Disentangled gradients) {
        attendBackward(attention.tokens(), lengths, dropout, gradients.tokens());
        new Nd4jPlaces(attention).backward(gradients.tokens().scores(), gradients);
    }

    /** The gradient is multiplied with the slope of the cap at the scores, which are computed again. */
    private static void belowCap(Nd4jAttention a, INDArray gradient) {
        if (a.shape().softCap() == 0) {
            return;
        }
        try (INDArray scores = a.rawScores()) {
            scores.muli(a.shape().scale());
            Nd4jActivations.softCap(scores, a.shape().softCap());
            Nd4jActivations.softCapBackward(scores, gradient, a.shape().softCap());
        }
    }

    /** Works on dropped probabilities and then puts those before back. */
    private static void withDropout(Nd4jAttention a, ProbabilityDropout dropout, Runnable work) {
        if (!dropout.active()) {
            work.run();
            return;
        }
        try (INDArray before = array(a.scores()).dup('c')) {
            drop(a, dropout);
            work.run();
            array(a.scores()).assign(before);
        }
    }

    private static void drop(Nd4jAttention a, ProbabilityDropout dropout) {
        if (!dropout.active()) {
            return;
        }
        HeadShape shape = a.shape();
        int length = shape.length();
        float[] factors = new float[shape.scoreRows() * length];
        Arrays.fill(factors, 1f);
        for (int row = 0; row < shape.scoreRows(); row++) {
            int head = row / length;
            dropout.scale(head / shape.heads(), head % shape.heads(), row % length, 0, factors, row * length, length);
        }
        try (INDArray mask = Nd4j.create(factors, new long[] {shape.scoreRows(), length}, 'c')) {
            array(a.scores()).muli(mask);
        }
    }

    @Override
    public void keep(Matrix projections, int[] rows, KeyValues cache, int[] slots) {
        HeadShape shape = cache.shape();
        keep(projections, shape.keys(), rows, cache, slots, 0);
        keep(projections, shape.values(), rows, cache, slots, 1);
    }

    /** Keeps the keys (part 0) or values (part 1). */
    private static void keep(
            Matrix projections, HeadShape.Columns heads, int[] rows, KeyValues cache, int[] slots, int part) {
        int columns = cache.rows().columns() / 2;
        try (INDArray taken =
                Nd4jAttention.heads(projections, heads, cache.shape().width()).dup('c')) {
            INDArray from = taken.reshape('c', projections.rows(), columns);
            for (int i = 0; i < rows.length; i++) {
                Nd4jAttention.row(cache.rows(), slots[i], part * columns, columns)
                        .assign(from.getRow(rows[i]));
            }
        }
    }

    @Override
    public void attendNext(Matrix projections, KeyValues cache, int[] lengths, Matrix context) {
        HeadShape shape = cache.shape();
        int shared = shape.keyValueHeads();
        try (INDArray scores = Nd4j.create(
                        DataType.FLOAT, new long[] {shape.batch(), shared, shape.group(), shape.length()}, 'c');
                INDArray query = perHead(
                        Nd4jAttention.heads(projections, shape.queries(), shape.width())
                                .dup('c'),
                        shape);
                INDArray result = Nd4j.create(DataType.FLOAT, query.shape(), 'c');
                INDArray mask = Nd4jReach.last(shape, lengths)) {
            multiply(Product.ABT, query, kept(cache, 0), scores);
            INDArray rows = scores.reshape('c', shape.batch() * shape.heads(), shape.length());
            softmax(rows, shape, 1, mask);
            multiply(Product.AB, scores, kept(cache, 1), result);
            array(context).assign(result.reshape('c', shape.batch(), shape.contextColumns()));
        }
    }

    private static INDArray perHead(INDArray x, HeadShape shape) {
        return x.reshape('c', shape.batch(), shape.keyValueHeads(), shape.group(), shape.width());
    }

    /** The keys (part 0) or values (part 1) as [batch, heads, tokens, width]. */
    private static INDArray kept(KeyValues cache, int part) {
        HeadShape shape = cache.shape();
        return array(cache.rows())
                .reshape('c', shape.batch(), shape.length(), 2, shape.keyValueHeads(), shape.width())
                .get(NDArrayIndex.all(), NDArrayIndex.all(), NDArrayIndex.point(part))
                .permute(0, 2, 1, 3);
    }

    /** Softmax of scaled and masked scores; {@code queries} rows per head. */
    private static void softmax(INDArray scores, HeadShape shape, int queries, INDArray mask) {
        scores.muli(shape.scale());
        if (shape.softCap() != 0) {
            Nd4jActivations.softCap(scores, shape.softCap());
        }
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

    /** What heads share gets the sum of their gradients: the first sets it, the others add. */
    private static Product shared(Product product, int member) {
        return member == 0 ? product : product.accumulating();
    }
}
