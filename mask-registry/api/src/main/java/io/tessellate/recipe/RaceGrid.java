package io.tessellate.recipe;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.OptionalDouble;

/**
 * Where a race for a recipe field begins and how its candidates lie around that: each a factor from the next.
 *
 * @param prior where it begins; 0 where that depends on model and method
 * @param factor from one candidate to the next, greater than 1
 * @param least no candidate is smaller
 * @param most no candidate is larger
 */
public record RaceGrid(double prior, double factor, double least, double most) {
    /** Learning rates: any, each 2.5 times the one below. */
    static final RaceGrid OF_RATES = new RaceGrid(0, 2.5, 0, Double.MAX_VALUE);

    private static final MathContext DIGITS = new MathContext(3);

    /** Refuses a grid that does not widen. */
    public RaceGrid {
        if (!(factor > 1) || least > most) {
            throw new IllegalArgumentException("factor %s, from %s to %s".formatted(factor, least, most));
        }
    }

    /** The candidate above or below one, if the grid goes that far. */
    public OptionalDouble beside(double value, boolean above) {
        double next = rounded(above ? value * factor : value / factor);
        return next < least || next > most ? OptionalDouble.empty() : OptionalDouble.of(next);
    }

    /** A number with three digits: what a person would write into a recipe. */
    public static double rounded(double value) {
        return new BigDecimal(value).round(DIGITS).doubleValue();
    }
}
