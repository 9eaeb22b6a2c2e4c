package io.tessellate.mask;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * What is known by a mask, of the models asked for last: as many as fit into so many bytes of the heap, and at least one. For
 * what can be had again from files: a model of 8,000,000,000 weights takes up to 1 GB, and a process may know a hundred. Not
 * for use by several threads.
 *
 * @param <K> what it is known under
 * @param <V> what holds the mask
 */
public final class RecentMasks<K, V> {
    private static final int SHARE_OF_HEAP = 8;

    private final long mostBytes;
    private final Function<V, Mask> mask;
    private final Map<K, V> byAge = new LinkedHashMap<>();

    /** What fits into so many bytes. */
    public RecentMasks(long mostBytes, Function<V, Mask> mask) {
        this.mostBytes = mostBytes;
        this.mask = mask;
    }

    /** What fits into an eighth of the largest heap the process may have. */
    public static <K, V> RecentMasks<K, V> ofHeap(Function<V, Mask> mask) {
        return new RecentMasks<>(Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP, mask);
    }

    /** What was put last under a key, if it is still there; it counts as used now. */
    public Optional<V> get(K key) {
        V value = byAge.remove(key);
        if (value != null) {
            byAge.put(key, value);
        }
        return Optional.ofNullable(value);
    }

    /** Keeps a value, and gives up the ones used longest ago as far as there is no room. */
    public void put(K key, V value) {
        byAge.remove(key);
        byAge.put(key, value);
        long bytes =
                byAge.values().stream().map(mask).mapToLong(Mask::heapBytes).sum();
        Iterator<Map.Entry<K, V>> oldest = byAge.entrySet().iterator();
        while (bytes > mostBytes && byAge.size() > 1) {
            bytes -= mask.apply(oldest.next().getValue()).heapBytes();
            oldest.remove();
        }
    }

    /** How many there are. */
    public int size() {
        return byAge.size();
    }
}
