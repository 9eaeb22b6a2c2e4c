package io.tessellate.mask.merge;

import io.tessellate.mask.adapter.Adapter;
import io.tessellate.mask.adapter.TensorUpdate;
import io.tessellate.mask.adapter.WeightSource;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/** An adapter's values less those of its base. */
record AdapterVector(Adapter adapter, WeightSource base) implements TaskVector {
    @Override
    public SortedSet<String> names() {
        return new TreeSet<>(adapter.updates().stream().map(TensorUpdate::name).toList());
    }

    @Override
    public SparseTensor tensor(String name) {
        Optional<TensorUpdate> update = adapter.update(name);
        if (update.isEmpty()) {
            return SparseTensor.EMPTY;
        }
        int[] indices = update.get().indices();
        float[] difference = update.get().values();
        float[] before = base.read(name, indices);
        for (int n = 0; n < difference.length; n++) {
            difference[n] -= before[n];
        }
        return new SparseTensor(indices, difference);
    }

    @Override
    public long entries() {
        return adapter.entries();
    }
}
