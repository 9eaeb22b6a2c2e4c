package io.tessellate.ingest.attempt;

import io.tessellate.error.ErrorCode;
import io.tessellate.id.Sha256;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Whether the records of an attempt are a sound dataset under a manifest. */
public sealed interface Verdict {
    /** They are. */
    record Sound() implements Verdict {
        @Override
        public Verdict without(String passedOver, AcceptedManifest accepted) {
            return accepted.expected() != null ? this : new Unsound(ErrorCode.TOPIC_RECREATED, passedOver);
        }
    }

    /** They are not. */
    record Unsound(ErrorCode code, String message) implements Verdict {
        @Override
        public Verdict without(String passedOver, AcceptedManifest accepted) {
            return new Unsound(code, message + ": " + passedOver);
        }
    }

    /**
     * The verdict where records of the topic were passed over: nothing is called sound of which only a part may have been read.
     *
     * @param passedOver which records, for people
     */
    Verdict without(String passedOver, AcceptedManifest accepted);

    /** The verdict on what was read so far. */
    static Verdict on(Tally tally, AcceptedManifest accepted) {
        Long expected = accepted.expected();
        if (expected != null && tally.read() < expected) {
            return unsound(ErrorCode.COUNT_MISMATCH, "%d of %d announced records were read", tally.read(), expected);
        }
        double tolerance = accepted.manifest().tolerance();
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
        Sha256 announced = accepted.manifest().digest();
        if (announced != null && !announced.equals(tally.digest())) {
            return unsound(
                    ErrorCode.DIGEST_MISMATCH,
                    "the dataset's digest is %s, announced was %s%s",
                    tally.digest(),
                    announced,
                    surplus(tally, expected));
        }
        return new Sound();
    }

    private static String surplus(Tally tally, @Nullable Long expected) {
        long more = expected == null ? 0 : tally.read() - tally.duplicates() - expected;
        return more <= 0
                ? ""
                : "; %d more records were read than announced, perhaps of a push before this one: push again"
                        .formatted(more);
    }

    private static Unsound unsound(ErrorCode code, String format, @Nullable Object... arguments) {
        return new Unsound(code, String.format(Locale.ROOT, format, arguments));
    }
}
