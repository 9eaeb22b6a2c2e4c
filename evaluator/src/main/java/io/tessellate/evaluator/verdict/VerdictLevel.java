package io.tessellate.evaluator.verdict;

/** What a verdict comes to, from the best to the worst. */
public enum VerdictLevel {
    /** Within its budget. */
    PASS,
    /** It passes, and a person should know. */
    WARN,
    /** The version must not become champion. */
    FAIL;

    /** The worse of two. */
    VerdictLevel and(VerdictLevel other) {
        return compareTo(other) >= 0 ? this : other;
    }
}
