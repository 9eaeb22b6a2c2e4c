package io.tessellate.engine.backend;

/**
 * How much memory there is where a backend's vectors lie.
 *
 * @param total bytes that may be planned with; {@link Long#MAX_VALUE} where nobody knows
 * @param free bytes of them that nobody uses now
 * @param vectors most bytes that vectors may take together, where less than all; else {@link Long#MAX_VALUE}
 * @param shared whether the process itself, its Java heap and its libraries, lies in the same memory
 * @param origin whose number the total is, for example {@code the machine}
 */
public record MemoryRoom(long total, long free, long vectors, boolean shared, String origin) {
    /** Checks the numbers. */
    public MemoryRoom {
        if (total < 1 || free < 0 || vectors < 1) {
            throw new IllegalArgumentException("%d bytes, %d free, %d for vectors".formatted(total, free, vectors));
        }
        free = Math.min(free, total);
    }

    /** Memory of which nothing is known. */
    public static MemoryRoom unknown(boolean shared, String origin) {
        return new MemoryRoom(Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE, shared, origin);
    }

    /** Whether there is a number to plan with. */
    public boolean known() {
        return total != Long.MAX_VALUE;
    }

    /** The same, of which no more than so many bytes may be used. */
    public MemoryRoom atMost(long bytes, String whose) {
        return bytes < total ? new MemoryRoom(bytes, free, vectors, shared, whose) : this;
    }

    /** The same, with no more than so many bytes for vectors. */
    public MemoryRoom vectorsAtMost(long bytes) {
        return new MemoryRoom(total, free, Math.min(vectors, bytes), shared, origin);
    }
}
