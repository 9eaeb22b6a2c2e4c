package io.tessellate.mask;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;

/**
 * Selects exactly k of the candidates: those with the highest scores, among equal scores the one with the lower tensor
 * ordinal, then the lower index. Two counting passes over the scores' bits find the threshold, one more collects, so the
 * work is linear and needs no copy of the scores.
 */
public final class TopK {
    private static final int BUCKETS = 1 << 16;

    private final Mask candidates;
    private final Scores scores;
    private final Mask.Builder selected;

    private TopK(Mask candidates, Scores scores) {
        this.candidates = candidates;
        this.scores = scores;
        this.selected = Mask.builder(candidates.space());
    }

    /**
     * The k highest-scored candidates over all tensors together. CAPACITY if there are fewer candidates than k, DIVERGED
     * if a score is not a number.
     */
    public static Mask global(Mask candidates, long k, Scores scores) {
        TopK topK = new TopK(candidates, scores);
        topK.select(0, candidates.space().tensorCount(), k);
        return topK.selected.build();
    }

    /** For each tensor its {@code k[tensor]} highest-scored candidates; fails like {@link #global}. */
    public static Mask perTensor(Mask candidates, int[] k, Scores scores) {
        int tensors = candidates.space().tensorCount();
        if (k.length != tensors) {
            throw new TessellateException(
                    ErrorCode.INVALID_ARGUMENT, "one k per tensor is needed: %d for %d".formatted(k.length, tensors));
        }
        TopK topK = new TopK(candidates, scores);
        for (int t = 0; t < tensors; t++) {
            topK.select(t, t + 1, k[t]);
        }
        return topK.selected.build();
    }

    private void select(int from, int to, long k) {
        requireEnough(from, to, k);
        if (k > 0) {
            long[] byHighBits = countHighBits(from, to);
            Cut high = Cut.of(byHighBits, k);
            Cut low = Cut.of(countLowBits(from, to, high.bucket), high.rest);
            collect(from, to, high.bucket << 16 | low.bucket, low.rest);
        }
    }

    private void requireEnough(int from, int to, long k) {
        if (k < 0) {
            throw new TessellateException(ErrorCode.INVALID_ARGUMENT, "k must be at least 0: " + k);
        }
        long available = 0;
        for (int t = from; t < to; t++) {
            available += candidates.cardinality(t);
        }
        if (k > available) {
            throw new TessellateException(
                    ErrorCode.CAPACITY, "%d weights are wanted but only %d may be chosen".formatted(k, available));
        }
    }

    private long[] countHighBits(int from, int to) {
        long[] counts = new long[BUCKETS];
        for (int t = from; t < to; t++) {
            int tensor = t;
            candidates.forEach(t, index -> {
                float score = scores.at(tensor, index);
                if (Float.isNaN(score)) {
                    throw notANumber(tensor, index);
                }
                counts[key(score) >>> 16]++;
            });
        }
        return counts;
    }

    private long[] countLowBits(int from, int to, int high) {
        long[] counts = new long[BUCKETS];
        for (int t = from; t < to; t++) {
            int tensor = t;
            candidates.forEach(t, index -> {
                int key = key(scores.at(tensor, index));
                if (key >>> 16 == high) {
                    counts[key & 0xffff]++;
                }
            });
        }
        return counts;
    }

    private void collect(int from, int to, int threshold, long ties) {
        long[] rest = {ties};
        for (int t = from; t < to; t++) {
            int tensor = t;
            candidates.forEach(t, index -> {
                int order = Integer.compareUnsigned(key(scores.at(tensor, index)), threshold);
                if (order > 0 || order == 0 && rest[0]-- > 0) {
                    selected.add(tensor, index);
                }
            });
        }
    }

    /** Maps floats to ints so that their unsigned order is the numeric order; -0 and 0 are the same. */
    private static int key(float score) {
        int bits = Float.floatToRawIntBits(score + 0.0f);
        return bits ^ (bits >> 31 | Integer.MIN_VALUE);
    }

    private TessellateException notANumber(int tensor, int index) {
        return new TessellateException(
                ErrorCode.DIVERGED,
                "score of weight %d of tensor '%s' is not a number"
                        .formatted(index, candidates.space().tensor(tensor).name()));
    }

    /**
     * Where a count from the top reaches k.
     *
     * @param bucket the bucket in which it does
     * @param rest how many of that bucket are needed
     */
    private record Cut(int bucket, long rest) {
        static Cut of(long[] counts, long k) {
            long rest = k;
            int bucket = counts.length - 1;
            while (counts[bucket] < rest) {
                rest -= counts[bucket--];
            }
            return new Cut(bucket, rest);
        }
    }
}
