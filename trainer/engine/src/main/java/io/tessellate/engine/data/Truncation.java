package io.tessellate.engine.data;

/** How much of an example its {@code maxLength} leaves. */
public enum Truncation {
    /** All of it. */
    WHOLE,
    /** Its end is cut off. */
    SHORTENED,
    /** None of what is to be learnt or scored. */
    NOTHING;

    public static Truncation of(int kept, int all) {
        return kept == 0 ? NOTHING : kept < all ? SHORTENED : WHOLE;
    }
}
