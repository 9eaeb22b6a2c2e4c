package io.tessellate.engine.backend;

/**
 * Which keys a query may see.
 *
 * @param causal whether only its own and earlier positions
 * @param window how many positions back at most, its own included, and unless it is causal as many ahead; 0 for any number
 */
public record Reach(boolean causal, int window) {
    /** Every query sees every key. */
    public static final Reach ALL = new Reach(false, 0);
    /** A query sees itself and everything before it. */
    public static final Reach CAUSAL = new Reach(true, 0);

    /** Checks the window. */
    public Reach {
        if (window < 0) {
            throw new IllegalArgumentException("a window must not be negative: " + window);
        }
    }

    /** A query sees itself and so many less one before it. */
    public static Reach window(int window) {
        return new Reach(true, window);
    }

    /** A query sees itself and so many less one before it and behind it. */
    public static Reach around(int window) {
        return new Reach(false, window);
    }

    /** The first key that a query sees. */
    public int first(int query) {
        return window == 0 ? 0 : Math.max(0, query - window + 1);
    }

    /** The index after the last key that a query sees, out of {@code keys}. */
    public int end(int query, int keys) {
        if (causal) {
            return Math.min(keys, query + 1);
        }
        return window == 0 ? keys : Math.min(keys, query + window);
    }
}
