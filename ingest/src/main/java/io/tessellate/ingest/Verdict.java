package io.tessellate.ingest;

import io.tessellate.dataset.ManifestRules;
import io.tessellate.error.ErrorCode;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Whether the records of an attempt are a sound dataset under a manifest. */
sealed interface Verdict {
    /** They are. */
    record Sound() implements Verdict {}

    /** They are not. */
    record Unsound(ErrorCode code, String message) implements Verdict {}

    double DEFAULT_TOLERANCE = ManifestRules.DEFAULT_TOLERANCE;

    /** The verdict on what was read so far. */
    static Verdict on(Tally tally, Rules rules) {
        Long expected = rules.expected();
        if (expected != null && tally.read() < expected) {
            return unsound(ErrorCode.COUNT_MISMATCH, "%d of %d announced records were read", tally.read(), expected);
        }
        Double given = rules.manifest().getTolerance();
        double tolerance = given == null ? DEFAULT_TOLERANCE : given;
        if (tally.deadLettered() > tolerance * tally.read()) {
            return unsound(
                    ErrorCode.TOO_MANY_BAD_RECORDS,
                    "%d of %d records are bad, tolerated is a share of %s",
                    tally.deadLettered(),
                    tally.read(),
                    tolerance);
        }
        if (tally.train() == 0 || tally.eval() == 0) {
            return unsound(
                    ErrorCode.EMPTY_SPLIT,
                    "%d examples to train and %d to eval of %d records; each split needs one",
                    tally.train(),
                    tally.eval(),
                    tally.read());
        }
        String announced = rules.manifest().getDatasetDigest();
        if (announced != null && !announced.equals(tally.digest())) {
            return unsound(
                    ErrorCode.DIGEST_MISMATCH,
                    "the dataset's digest is %s, announced was %s",
                    tally.digest(),
                    announced);
        }
        return new Sound();
    }

    private static Unsound unsound(ErrorCode code, String format, @Nullable Object... arguments) {
        return new Unsound(code, String.format(Locale.ROOT, format, arguments));
    }
}
