package io.tessellate.engine.storage;

import io.tessellate.engine.backend.Backend;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Where the segments of the same weights lie in a process, for all who read those weights on backends of one name. It holds no
 * memory itself: a segment is shared as long as somebody has it and nobody wrote to it, and is read again otherwise. May be
 * asked by several threads; who comes while a segment is read waits for it.
 */
public final class SharedSegments {
    private final Map<Integer, SharedVector.Present> known = new HashMap<>();

    /** A segment as it lies there already, or else as it is read now; to be closed by the caller. */
    public synchronized SharedVector take(int segment, Backend backend, Supplier<SharedVector> read) {
        SharedVector.Present present = known.get(segment);
        return present == null
                ? keep(segment, read.get())
                : present.share(backend).orElseGet(() -> keep(segment, read.get()));
    }

    private SharedVector keep(int segment, SharedVector vector) {
        known.put(segment, vector.present());
        return vector;
    }

    /** Whether segments were read and none of them lies there any more. */
    public synchronized boolean isGone() {
        return !known.isEmpty() && known.values().stream().noneMatch(SharedVector.Present::isThere);
    }
}
