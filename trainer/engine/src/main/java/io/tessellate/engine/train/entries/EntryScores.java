package io.tessellate.engine.train.entries;

import io.tessellate.mask.Mask;
import io.tessellate.mask.Scores;

/** Scores of the weights of a mask, from one number for each in the mask's order. */
public final class EntryScores implements Scores {
    private final float[][] byTensor;

    public EntryScores(Mask mask, float[] scores) {
        byTensor = new float[mask.space().tensorCount()][];
        int[] next = {0};
        for (int t = 0; t < byTensor.length; t++) {
            float[] tensor = new float[mask.space().tensor(t).size()];
            mask.forEach(t, index -> tensor[index] = scores[next[0]++]);
            byTensor[t] = tensor;
        }
    }

    @Override
    public float at(int tensor, int index) {
        return byTensor[tensor][index];
    }
}
