package io.tessellate.recipe;

/** The numbers a recipe field may have. */
public record Range(double low, boolean lowIncluded, double high, boolean highIncluded) {
    /** Most that may be counted, epochs too. What lies beyond is a slip, and would overflow sums or train for longer than anybody lives. */
    static final double MOST = 1_000_000;

    /** Most that may be taken of something, as a multiple of it. */
    static final double MOST_SHARES = 100;

    static Range positive() {
        return new Range(0, false, Double.MAX_VALUE, true);
    }

    /** From above 0. */
    static Range positiveTo(double high) {
        return new Range(0, false, high, true);
    }

    static Range between(double low, double high) {
        return new Range(low, true, high, true);
    }

    static Range atLeast(double low) {
        return new Range(low, true, Double.MAX_VALUE, true);
    }

    static Range share() {
        return new Range(0, true, 1, true);
    }

    static Range positiveShare() {
        return new Range(0, false, 1, true);
    }

    /** From 0 to below 1. */
    static Range partialShare() {
        return new Range(0, true, 1, false);
    }

    /** Whether a number is among them. */
    public boolean contains(double value) {
        return (lowIncluded ? value >= low : value > low) && (highIncluded ? value <= high : value < high);
    }

    /** The rule in words. */
    public String rule() {
        if (high == Double.MAX_VALUE) {
            return (lowIncluded ? "must be at least " : "must be greater than ") + plain(low);
        }
        return "must lie in %s%s, %s%s"
                .formatted(lowIncluded ? "[" : "(", plain(low), plain(high), highIncluded ? "]" : ")");
    }

    private static String plain(double value) {
        return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
    }
}
