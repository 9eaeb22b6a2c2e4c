package io.tessellate.mask.peft;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.mask.adapter.Adapter;
import io.tessellate.mask.adapter.TensorUpdate;
import io.tessellate.mask.adapter.WeightSource;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What several adapters together change in one matrix, as differences from the base.
 *
 * @param tensor the matrix
 * @param rows output features
 * @param columns input features
 * @param indices flat row-major indices, ascending
 * @param differences new value minus the base's, one per index
 */
record SparseDelta(String tensor, int rows, int columns, int[] indices, float[] differences) {
    /** By tensor; where two adapters set one entry the later one counts. INVALID_ARGUMENT for what is no matrix. */
    static SortedMap<String, SparseDelta> of(List<Adapter> adapters, WeightSource base) {
        SortedMap<String, float[]> values = new TreeMap<>();
        SortedMap<String, BitSet> set = new TreeMap<>();
        SortedMap<String, int[]> shapes = new TreeMap<>();
        for (Adapter adapter : adapters) {
            for (TensorUpdate update : adapter.updates()) {
                shapes.computeIfAbsent(update.name(), name -> matrix(update));
                float[] tensor = values.computeIfAbsent(
                        update.name(), name -> new float[(int) update.shape().elements()]);
                update.assignTo(tensor, 0);
                BitSet entries = set.computeIfAbsent(update.name(), name -> new BitSet(tensor.length));
                Arrays.stream(update.indices()).forEach(entries::set);
            }
        }
        SortedMap<String, SparseDelta> deltas = new TreeMap<>();
        set.forEach((name, entries) -> deltas.put(name, delta(name, shapes, entries, values, base)));
        return deltas;
    }

    private static int[] matrix(TensorUpdate update) {
        if (update.shape().rank() != 2 || update.count() == update.shape().elements()) {
            throw new TessellateException(
                    ErrorCode.INVALID_ARGUMENT,
                    "tensor '%s' %s is set whole: a sparse PEFT adapter holds some entries of linear layers only"
                            .formatted(update.name(), update.shape()));
        }
        return new int[] {update.shape().dimension(0), update.shape().dimension(1)};
    }

    private static SparseDelta delta(
            String name,
            SortedMap<String, int[]> shapes,
            BitSet entries,
            SortedMap<String, float[]> values,
            WeightSource base) {
        int[] indices = entries.stream().toArray();
        float[] differences = base.read(name, indices);
        float[] tensor = values.get(name);
        for (int n = 0; n < indices.length; n++) {
            differences[n] = tensor[indices[n]] - differences[n];
        }
        int[] shape = shapes.get(name);
        return new SparseDelta(name, shape[0], shape[1], indices, differences);
    }

    /** Smallest rank whose number of entries, rank times rows plus columns, holds this delta's. */
    int rank() {
        return Math.max(1, (indices.length + rows + columns - 1) / (rows + columns));
    }

    /** The same with entries of difference 0 added until there are so many. */
    SparseDelta padded(int count) {
        if (count > (long) rows * columns) {
            throw new TessellateException(
                    ErrorCode.INVALID_ARGUMENT,
                    "tensor '%s' of %d x %d cannot hold the %d entries that SHiRA wants for the fullest layer's rank: the adapters are too dense for it"
                            .formatted(tensor, rows, columns, count));
        }
        BitSet taken = new BitSet(rows * columns);
        Arrays.stream(indices).forEach(taken::set);
        float[] dense = new float[rows * columns];
        for (int n = 0; n < indices.length; n++) {
            dense[indices[n]] = differences[n];
        }
        for (int free = 0, missing = count - indices.length; missing > 0; missing--, free++) {
            free = taken.nextClearBit(free);
            taken.set(free);
        }
        int[] all = taken.stream().toArray();
        float[] padded = new float[all.length];
        for (int n = 0; n < all.length; n++) {
            padded[n] = dense[all[n]];
        }
        return new SparseDelta(tensor, rows, columns, all, padded);
    }
}
