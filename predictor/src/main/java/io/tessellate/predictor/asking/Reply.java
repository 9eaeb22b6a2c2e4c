package io.tessellate.predictor.asking;

import io.tessellate.engine.answer.Answer;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;

/** What became of one question. */
public sealed interface Reply {
    /** It was answered. */
    record Answered(Answer answer) implements Reply {}

    /**
     * It was not.
     *
     * @param again whether it may be answered when it is asked again
     */
    record Refused(ErrorCode code, String reason, boolean again) implements Reply {
        /** For what a failure says. */
        public static Refused of(Throwable failure) {
            return failure instanceof TessellateException known
                    ? new Refused(
                            known.code(),
                            String.valueOf(known.getMessage()),
                            known.code().category() == ErrorCode.Category.UNAVAILABLE)
                    : new Refused(ErrorCode.DEFECT, failure.toString(), false);
        }
    }
}
