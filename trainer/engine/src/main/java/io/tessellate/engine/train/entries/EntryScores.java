package io.tessellate.engine.train.entries;

import io.tessellate.engine.values.FloatBlocks;
import io.tessellate.mask.Mask;
import io.tessellate.mask.Scores;
import java.util.Arrays;

/**
 * Scores of the weights of a mask, from one number for each in the mask's order; 0 for all others. Nothing is kept for these:
 * asked in ascending order, as masks are walked through, it finds each number next to the one before. For one thread at a
 * time.
 */
public final class EntryScores implements Scores {
    private final Mask mask;
    private final FloatBlocks scores;
    /** For each tensor the block its scores lie in, and where they begin there. */
    private final int[] block;

    private final int[] first;
    private int tensor = -1;
    private int[] indices = new int[0];
    private int next;

    /**
     * Scores by tensor.
     *
     * @param scores in blocks whose ends are ends of tensors
     */
    public EntryScores(Mask mask, FloatBlocks scores) {
        this.mask = mask;
        this.scores = scores;
        int tensors = mask.space().tensorCount();
        this.block = new int[tensors];
        this.first = new int[tensors];
        int b = 0;
        int used = 0;
        for (int t = 0; t < tensors; t++) {
            int count = mask.cardinality(t);
            while (count > 0 && used == scores.block(b).length) {
                b++;
                used = 0;
            }
            block[t] = b;
            first[t] = used;
            used += count;
        }
    }

    @Override
    public float at(int ofTensor, int index) {
        if (ofTensor != tensor) {
            tensor = ofTensor;
            indices = mask.indices(ofTensor);
            next = 0;
        }
        if (next == indices.length || indices[next] != index) {
            next = Arrays.binarySearch(indices, index);
        }
        if (next < 0) {
            next = 0;
            return 0;
        }
        return scores.block(block[ofTensor])[first[ofTensor] + next++];
    }
}
