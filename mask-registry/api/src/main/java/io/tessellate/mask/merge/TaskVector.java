package io.tessellate.mask.merge;

import io.tessellate.mask.adapter.Adapter;
import io.tessellate.mask.adapter.WeightSource;
import java.util.SortedSet;

/**
 * What a task changed: new value minus the base's for every entry of its adapter; 0 everywhere else. Its tensors are made when
 * they are asked for, so that of vectors of any size one tensor is in memory at a time.
 */
public interface TaskVector {
    /** The task vector of an adapter that was trained from these values, which must not change as long as it is used. */
    static TaskVector of(Adapter adapter, WeightSource base) {
        return new AdapterVector(adapter, base);
    }

    /** The tensors that it changes. */
    SortedSet<String> names();

    /** Its entries in a tensor; without one if it does not change it. */
    SparseTensor tensor(String name);

    /** Number of entries. */
    default long entries() {
        return names().stream().mapToLong(name -> tensor(name).indices().length).sum();
    }
}
