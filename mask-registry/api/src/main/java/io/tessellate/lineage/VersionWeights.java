package io.tessellate.lineage;

import io.tessellate.mask.adapter.Adapter;
import io.tessellate.mask.adapter.TensorUpdate;
import io.tessellate.mask.adapter.WeightSource;
import java.util.BitSet;
import java.util.List;

/** The weights of a version: adapters assigned in order on top of a base, read only where they are asked for. */
final class VersionWeights implements WeightSource {
    private final WeightSource base;
    private final List<Adapter> adapters;

    VersionWeights(WeightSource base, List<Adapter> adapters) {
        this.base = base;
        this.adapters = adapters;
    }

    @Override
    public float[] read(String tensor, int[] indices) {
        float[] values = new float[indices.length];
        BitSet assigned = new BitSet(indices.length);
        for (Adapter adapter : adapters) {
            adapter.update(tensor).ifPresent(update -> assign(update, indices, values, assigned));
        }
        readMissing(tensor, indices, values, assigned);
        return values;
    }

    /** Walks through two ascending sequences of indices at once. */
    private static void assign(TensorUpdate update, int[] indices, float[] values, BitSet assigned) {
        int[] next = {0};
        update.forEach((index, value) -> {
            while (next[0] < indices.length && indices[next[0]] < index) {
                next[0]++;
            }
            if (next[0] < indices.length && indices[next[0]] == index) {
                values[next[0]] = value;
                assigned.set(next[0]);
            }
        });
    }

    private void readMissing(String tensor, int[] indices, float[] values, BitSet assigned) {
        int count = indices.length - assigned.cardinality();
        if (count == 0) {
            return;
        }
        int[] places = new int[count];
        int[] missing = new int[count];
        int n = 0;
        for (int place = assigned.nextClearBit(0); place < indices.length; place = assigned.nextClearBit(place + 1)) {
            places[n] = place;
            missing[n++] = indices[place];
        }
        float[] found = base.read(tensor, missing);
        for (int i = 0; i < count; i++) {
            values[places[i]] = found[i];
        }
    }
}
