package io.tessellate.engine.train.curriculum;

import io.tessellate.engine.recipe.Seeds;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/**
 * Which examples form which batch of an epoch: shuffled, then sorted by length within windows of a few batches so that
 * little is padded, then the batches of a window shuffled. Every example comes once, the last batch may be smaller. A pure
 * function of seed and epoch, so any step can be found again.
 */
public final class BatchOrder {
    private final Packs packs;
    private final int[] lengths;
    private final int batchSize;
    private final int batchesPerWindow;
    private final Seeds seeds;
    private final String purpose;

    /**
     * The batches of examples of these lengths.
     *
     * @param batchesPerWindow batches among which examples are sorted by length; 1: none are
     */
    public BatchOrder(int[] lengths, int batchSize, int batchesPerWindow, Seeds seeds, String purpose) {
        this(Packs.single(lengths.length), lengths, batchSize, batchesPerWindow, seeds, purpose);
    }

    /** Batches of so many sequences of examples of these lengths. */
    public BatchOrder(Packs packs, int[] lengths, int batchSize, int batchesPerWindow, Seeds seeds, String purpose) {
        this.packs = packs;
        this.lengths = packs.longest(lengths);
        this.batchSize = batchSize;
        this.batchesPerWindow = batchesPerWindow;
        this.seeds = seeds;
        this.purpose = purpose;
    }

    public int batchesPerEpoch() {
        return (lengths.length + batchSize - 1) / batchSize;
    }

    /** Steps of so many epochs, at least one. */
    public long steps(double epochs) {
        return Math.max(1, Math.round(epochs * batchesPerEpoch()));
    }

    /** The batches from a step to the end of its epoch, but not beyond the last step. */
    public List<int[]> from(long step, long steps) {
        long epoch = step / batchesPerEpoch();
        int first = (int) (step % batchesPerEpoch());
        int end = (int) Math.min(batchesPerEpoch(), first + steps - step);
        return epoch(epoch).subList(first, end);
    }

    /** The batches of an epoch, each the positions of its examples. */
    public List<int[]> epoch(long epoch) {
        Random random = seeds.of(purpose, epoch);
        Integer[] order =
                Arrays.stream(Seeds.permutation(lengths.length, random)).boxed().toArray(Integer[]::new);
        List<int[]> batches = new ArrayList<>(batchesPerEpoch());
        long window = (long) batchSize * batchesPerWindow;
        for (int from = 0; from < order.length; ) {
            int to = (int) Math.min(order.length, from + window);
            if (batchesPerWindow > 1) {
                Arrays.sort(order, from, to, Comparator.comparingInt(example -> lengths[example]));
            }
            List<int[]> cut = cut(order, from, to);
            Collections.shuffle(cut, random);
            batches.addAll(cut);
            from = to;
        }
        return batches;
    }

    private List<int[]> cut(Integer[] order, int from, int to) {
        List<int[]> batches = new ArrayList<>();
        for (int start = from; start < to; start += batchSize) {
            batches.add(Arrays.stream(order, start, Math.min(to, start + batchSize))
                    .mapToInt(Integer::intValue)
                    .toArray());
        }
        batches.replaceAll(packs::examples);
        return batches;
    }
}
