package io.tessellate.engine.plan;

import io.tessellate.engine.model.batch.Batch;
import io.tessellate.engine.model.config.ModelConfig;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Of however many batches those of which one takes the most memory: of two that are packed alike, the one with no fewer sequences, no
 * shorter padding and no fewer rows takes no less, since a pass's matrices are made of nothing else. A few hundred are left at most.
 */
final class LargestBatches {
    private final ModelConfig config;
    private final Map<Shape, int[]> largest = new LinkedHashMap<>();

    LargestBatches(ModelConfig config) {
        this.config = config;
    }

    /** Takes part in the comparison. */
    void add(int... lengths) {
        Shape shape = new Shape(lengths.length, Batch.paddedLength(lengths, config), Batch.rows(lengths, config));
        if (!largest.containsKey(shape) && largest.keySet().stream().noneMatch(other -> other.covers(shape))) {
            largest.keySet().removeIf(shape::covers);
            largest.put(shape, lengths);
        }
    }

    /** The lengths of the sequences of each that is left. */
    Collection<int[]> lengths() {
        return largest.values();
    }

    /** What the sizes of a pass's matrices follow from. */
    private record Shape(int sequences, int length, int rows) {
        boolean packed() {
            return rows < (long) sequences * length;
        }

        boolean covers(Shape other) {
            return packed() == other.packed()
                    && sequences >= other.sequences
                    && length >= other.length
                    && rows >= other.rows;
        }
    }
}
