package io.tessellate.engine.backend;

/**
 * Which keys a query may see.
 *
 * @param causal whether only its own and earlier positions
 * @param window how many positions back at most, its own included; 0 for any number
 */
public record Reach(boolean causal, int window) {
    /** Every query sees every key. */
    public static final Reach ALL = new Reach(false, 0);
    /** A query sees itself and everything before it. */
    public static final Reach CAUSAL = new Reach(true, 0);

    /** Checks that a window looks back only. */
    public Reach {
        if (window < 0 || window > 0 && !causal) {
            throw new IllegalArgumentException(
                    "a window of %d needs causal attention and must not be negative".formatted(window));
        }
    }

    /** A query sees itself and so many less one before it. */
    public static Reach window(int window) {
        return new Reach(true, window);
    }

    /** The first key that a query sees. */
    public int first(int query) {
        return window == 0 ? 0 : Math.max(0, query - window + 1);
    }

    /** The index after the last key that a query sees, out of {@code keys}. */
    public int end(int query, int keys) {
        return causal ? Math.min(keys, query + 1) : keys;
    }
}
