package io.tessellate.engine.plan;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * The memory that one part of a run takes at its peak.
 *
 * @param phase the part
 * @param bytes by what they are for; nothing for what takes none
 */
public record PhaseMemory(PlannedPhase phase, Map<MemoryUse, Long> bytes) {
    /** Copies the numbers, none of which may be negative. */
    public PhaseMemory {
        Map<MemoryUse, Long> copy = new EnumMap<>(MemoryUse.class);
        bytes.forEach((use, number) -> {
            if (number < 0) {
                throw new IllegalArgumentException("%s takes %d bytes".formatted(use, number));
            }
            if (number > 0) {
                copy.put(use, number);
            }
        });
        bytes = Collections.unmodifiableMap(copy);
    }

    /** Bytes for one thing. */
    public long of(MemoryUse use) {
        return bytes.getOrDefault(use, 0L);
    }

    /** Bytes in one place. */
    public long in(MemoryUse.Place place) {
        return bytes.entrySet().stream()
                .filter(entry -> entry.getKey().place() == place)
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    /** Bytes in all places. */
    public long all() {
        return bytes.values().stream().mapToLong(Long::longValue).sum();
    }
}
