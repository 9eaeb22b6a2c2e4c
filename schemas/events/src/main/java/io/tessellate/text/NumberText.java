package io.tessellate.text;

import java.util.Locale;

/** Numbers as people read them: with so many places behind the point, and never a zero with a sign. */
public final class NumberText {
    private NumberText() {}

    /** The nearest number of so many places, a half away from 0; what is not finite by its name. */
    public static String fixed(double value, int places) {
        String text = String.format(Locale.ROOT, "%." + places + "f", value);
        return isZero(text) ? text.replace("-", "") : text;
    }

    /** The same of a difference: with its sign, which a zero has not. */
    public static String signed(double value, int places) {
        String text = String.format(Locale.ROOT, "%+." + places + "f", value);
        return isZero(text) ? text.substring(1) : text;
    }

    private static boolean isZero(String text) {
        return text.chars().allMatch(character -> "+-0.".indexOf(character) >= 0);
    }
}
