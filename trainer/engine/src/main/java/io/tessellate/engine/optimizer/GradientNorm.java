package io.tessellate.engine.optimizer;

import io.tessellate.engine.values.FloatBlocks;
import java.util.Arrays;
import java.util.List;

/** The L2 norm over all trained entries, and clipping to it. */
public final class GradientNorm {
    private GradientNorm() {}

    /** The norm; infinite or not a number as soon as one entry is. Where the row is cut into blocks makes no difference. */
    public static double of(FloatBlocks gradient) {
        long[] starts = new long[gradient.count() + 1];
        for (int b = 0; b < gradient.count(); b++) {
            starts[b + 1] = starts[b] + gradient.block(b).length;
        }
        return Math.sqrt(Pieces.sum(starts[gradient.count()], (from, to) -> squares(gradient, starts, from, to)));
    }

    /** The norm of one array. */
    public static double of(float[] gradient) {
        return norm(gradient, 0, gradient.length);
    }

    private static double norm(float[] gradient, int from, int to) {
        return Math.sqrt(
                Pieces.sum(to - from, (first, end) -> squares(gradient, from + (int) first, from + (int) end)));
    }

    /** Of a piece of the row, which is put together where blocks meet in it. */
    private static double squares(FloatBlocks gradient, long[] starts, long from, long to) {
        int found = Arrays.binarySearch(starts, from);
        int block = found < 0 ? -found - 2 : found;
        while (starts[block + 1] <= from) {
            block++;
        }
        int first = (int) (from - starts[block]);
        if (to <= starts[block + 1]) {
            return squares(gradient.block(block), first, (int) (to - starts[block]));
        }
        float[] piece = new float[(int) (to - from)];
        for (int done = 0; done < piece.length; block++, first = 0) {
            int count = Math.min(piece.length - done, gradient.block(block).length - first);
            System.arraycopy(gradient.block(block), first, piece, done, count);
            done += count;
        }
        return squares(piece, 0, piece.length);
    }

    /** In four sums, for one alone waits for each addition. */
    private static double squares(float[] gradient, int from, int to) {
        double a = 0;
        double b = 0;
        double c = 0;
        double d = 0;
        int i = from;
        for (; i + 4 <= to; i += 4) {
            a += (double) gradient[i] * gradient[i];
            b += (double) gradient[i + 1] * gradient[i + 1];
            c += (double) gradient[i + 2] * gradient[i + 2];
            d += (double) gradient[i + 3] * gradient[i + 3];
        }
        for (; i < to; i++) {
            a += (double) gradient[i] * gradient[i];
        }
        return a + b + (c + d);
    }

    /** Scales the gradient down so that its norm is at most {@code limit}; 0 switches clipping off. */
    public static void clipInPlace(FloatBlocks gradient, double norm, double limit) {
        gradient.all().forEach(block -> clipInPlace(block, 0, block.length, norm, limit));
    }

    /**
     * The same of every stretch of the gradient by itself.
     *
     * @param starts for each block where its stretches begin, each of which goes to the next start or the block's end
     */
    public static void clipEachInPlace(FloatBlocks gradient, List<int[]> starts, double limit) {
        for (int b = 0; b < starts.size(); b++) {
            float[] block = gradient.block(b);
            int[] from = starts.get(b);
            for (int n = 0; n < from.length; n++) {
                int to = n + 1 < from.length ? from[n + 1] : block.length;
                double norm = norm(block, from[n], to);
                clipInPlace(block, from[n], to, norm, limit);
            }
        }
    }

    private static void clipInPlace(float[] gradient, int from, int to, double norm, double limit) {
        if (limit == 0 || norm <= limit) {
            return;
        }
        float factor = (float) (limit / norm);
        Pieces.forEach(to - from, (first, end) -> {
            for (int i = from + first; i < from + end; i++) {
                gradient[i] *= factor;
            }
        });
    }
}
