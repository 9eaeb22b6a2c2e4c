package io.tessellate.engine.backend.host;

import io.tessellate.engine.backend.HeadShape;
import io.tessellate.engine.backend.KeyValues;
import io.tessellate.engine.backend.Matrix;

/** Attention of one new token per sequence over the keys and values kept, in Java: each is read once. */
record HostCachedAttention(KeyValues cache) {
    void keep(Matrix projections, int[] rows, int[] slots) {
        HeadShape shape = cache.shape();
        int width = shape.width();
        Floats from = Floats.of(projections);
        Floats to = Floats.of(cache.rows());
        float[] head = new float[width];
        float[] row = new float[cache.rows().columns()];
        for (int i = 0; i < rows.length; i++) {
            for (int h = 0; h < shape.keyValueHeads(); h++) {
                from.readColumns(rows[i], rows[i] + 1, shape.keys().of(h), width, head);
                System.arraycopy(head, 0, row, h * width, width);
                from.readColumns(rows[i], rows[i] + 1, shape.values().of(h), width, head);
                System.arraycopy(head, 0, row, (shape.keyValueHeads() + h) * width, width);
            }
            to.write(slots[i], row);
        }
    }

    /** One head of one sequence; {@code head} counts through all of them. */
    void attend(Matrix projections, int[] lengths, int head, Matrix context) {
        HeadShape shape = cache.shape();
        int sequence = head / shape.heads();
        int inSequence = head % shape.heads();
        int shared = inSequence / shape.group() * shape.width();
        int end = lengths[sequence];
        int first = shape.reach().first(end - 1);
        Floats kept = Floats.of(cache.rows());
        float[] query = new float[shape.width()];
        Floats.of(projections)
                .readColumns(sequence, sequence + 1, shape.queries().of(inSequence), shape.width(), query);
        float[] row = new float[shape.width()];
        float[] scores = new float[end - first];
        for (int s = first; s < end; s++) {
            int at = sequence * shape.length() + s;
            kept.readColumns(at, at + 1, shared, shape.width(), row);
            HostKernels.multiply(row, query, row.length);
            scores[s - first] = HostKernels.sum(row, 0, row.length);
        }
        softmax(scores, HostSoftmax.capped(scores, scores.length, shape));
        float[] sum = new float[shape.width()];
        int values = shape.keyValueHeads() * shape.width() + shared;
        for (int s = first; s < end; s++) {
            int at = sequence * shape.length() + s;
            kept.readColumns(at, at + 1, values, shape.width(), row);
            HostKernels.addMultiple(sum, scores[s - first], row, row.length);
        }
        Floats.of(context).writeColumns(sequence, sequence + 1, inSequence * shape.width(), shape.width(), sum);
    }

    private static void softmax(float[] row, float scale) {
        HostKernels.shiftAndScale(row, HostKernels.max(row, 0, row.length), scale, row.length);
        HostKernels.expNonPositive(row, row, row.length);
        HostKernels.scale(row, 1f / HostKernels.sum(row, 0, row.length), row.length);
    }
}
