package io.tessellate.mask.peft;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.mask.EligibleTensor;
import io.tessellate.mask.Mask;
import io.tessellate.mask.ParameterSpace;
import io.tessellate.mask.adapter.Adapter;
import io.tessellate.mask.adapter.TensorUpdate;
import io.tessellate.mask.adapter.WeightSource;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What several adapters together change in one matrix, as differences from the base. Only which entries it changes is in
 * memory, compressed; places and differences are made when they are asked for.
 *
 * @param adapters in the order of their commits; where two set one entry the later one counts
 * @param base the base's values
 * @param touched the entries that any adapter sets
 * @param ordinal of the matrix in the mask's space
 */
record SparseDelta(List<Adapter> adapters, WeightSource base, Mask touched, int ordinal) {
    /** By ascending name. INVALID_ARGUMENT for what is no matrix. */
    static List<SparseDelta> of(List<Adapter> adapters, WeightSource base) {
        SortedMap<String, EligibleTensor> matrices = new TreeMap<>();
        for (Adapter adapter : adapters) {
            adapter.updates().forEach(update -> matrices.putIfAbsent(update.name(), matrix(update)));
        }
        ParameterSpace space = new ParameterSpace(List.copyOf(matrices.values()));
        Mask.Builder mask = Mask.builder(space);
        for (Adapter adapter : adapters) {
            for (TensorUpdate update : adapter.updates()) {
                int ordinal = space.ordinal(update.name());
                update.index().forEach(index -> mask.add(ordinal, index));
            }
        }
        Mask touched = mask.build();
        List<SparseDelta> deltas = new ArrayList<>();
        for (int t = 0; t < space.tensorCount(); t++) {
            deltas.add(new SparseDelta(adapters, base, touched, t));
        }
        return deltas;
    }

    private static EligibleTensor matrix(TensorUpdate update) {
        if (update.shape().rank() != 2 || update.count() == update.shape().elements()) {
            throw new TessellateException(
                    ErrorCode.INVALID_ARGUMENT,
                    "tensor '%s' %s is set whole: a sparse PEFT adapter holds some entries of linear layers only"
                            .formatted(update.name(), update.shape()));
        }
        return new EligibleTensor(
                update.name(), update.shape().dimension(0), update.shape().dimension(1));
    }

    private EligibleTensor matrix() {
        return touched.space().tensor(ordinal);
    }

    /** The matrix. */
    String tensor() {
        return matrix().name();
    }

    private int sides() {
        return matrix().rows() + matrix().columns();
    }

    /** Smallest rank whose number of entries, rank times rows plus columns, holds this delta's. */
    int rank() {
        return (int) Math.max(1, (touched.cardinality(ordinal) + sides() - 1L) / sides());
    }

    /** Number of entries at a rank; INVALID_ARGUMENT if the matrix has fewer. */
    int count(int rank) {
        long count = (long) rank * sides();
        if (count > matrix().size()) {
            throw new TessellateException(
                    ErrorCode.INVALID_ARGUMENT,
                    "tensor '%s' of %d x %d cannot hold the %d entries that SHiRA wants for the fullest layer's rank: the adapters are too dense for it"
                            .formatted(tensor(), matrix().rows(), matrix().columns(), count));
        }
        if (count > Integer.MAX_VALUE / 2) {
            throw new TessellateException(
                    ErrorCode.TOO_LARGE,
                    "tensor '%s' would have %d entries; SHiRA's two coordinates of each must fit into one list of %d"
                            .formatted(tensor(), count, Integer.MAX_VALUE));
        }
        return (int) count;
    }

    /** Rows of all entries, then columns; entries are added, the lowest free ones, until there are so many. */
    int[] coordinates(int count) {
        int columns = matrix().columns();
        int[] padded = padded(count);
        int[] coordinates = new int[2 * count];
        for (int n = 0; n < count; n++) {
            coordinates[n] = padded[n] / columns;
            coordinates[count + n] = padded[n] % columns;
        }
        return coordinates;
    }

    /** New value minus the base's for each of those entries; 0 for the added ones. */
    float[] differences(int count) {
        int[] indices = touched.indices(ordinal);
        float[] before = base.read(tensor(), indices);
        float[] values = values(indices);
        int[] padded = padded(count);
        float[] differences = new float[count];
        for (int n = 0, next = 0; n < count && next < indices.length; n++) {
            if (padded[n] == indices[next]) {
                differences[n] = values[next] - before[next];
                next++;
            }
        }
        return differences;
    }

    /** The new values at the touched entries. */
    private float[] values(int[] indices) {
        float[] values = new float[indices.length];
        for (Adapter adapter : adapters) {
            int[] next = {0};
            adapter.update(tensor())
                    .ifPresent(update -> update.forEach((index, value) -> {
                        while (indices[next[0]] < index) {
                            next[0]++;
                        }
                        values[next[0]] = value;
                    }));
        }
        return values;
    }

    private int[] padded(int count) {
        int[] padded = new int[count];
        int[] missing = {count - touched.cardinality(ordinal)};
        int[] next = {0};
        int[] free = {0};
        touched.forEach(ordinal, index -> {
            for (; missing[0] > 0 && free[0] < index; missing[0]--) {
                padded[next[0]++] = free[0]++;
            }
            free[0] = index + 1;
            padded[next[0]++] = index;
        });
        for (; missing[0] > 0; missing[0]--) {
            padded[next[0]++] = free[0]++;
        }
        return padded;
    }
}
