package io.tessellate.pipeline.doctor;

/**
 * What one examination came to.
 *
 * @param name what was looked at
 * @param verdict whether it is well
 * @param found what was found
 * @param advice what to do about it; empty where nothing is to be done
 */
public record Diagnosis(String name, Verdict verdict, String found, String advice) {
    /** Whether a thing is well. */
    public enum Verdict {
        /** It is. */
        GOOD,
        /** It works, and should be known. */
        NOTED,
        /** Something will fail. */
        WRONG
    }

    /** A thing that is well. */
    static Diagnosis good(String name, String found) {
        return new Diagnosis(name, Verdict.GOOD, found, "");
    }

    /** A thing that should be known. */
    static Diagnosis noted(String name, String found, String advice) {
        return new Diagnosis(name, Verdict.NOTED, found, advice);
    }

    /** A thing that is wrong. */
    static Diagnosis wrong(String name, String found, String advice) {
        return new Diagnosis(name, Verdict.WRONG, found, advice);
    }
}
