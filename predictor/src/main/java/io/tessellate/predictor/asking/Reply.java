package io.tessellate.predictor.asking;

import io.tessellate.engine.answer.Answer;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.StoppedException;
import io.tessellate.error.TessellateException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** What became of one question. */
public sealed interface Reply {
    /**
     * The reply once it is there; a refusal if it is not there in time, which then is the reply.
     *
     * @param asked when it was asked, by {@link System#nanoTime}
     * @param patience from then on
     * @throws StoppedException if the waiting is interrupted
     */
    static Reply within(CompletableFuture<Reply> reply, long asked, Duration patience) {
        try {
            return reply.get(Math.max(0, asked + patience.toNanos() - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            Reply late = new Refused(ErrorCode.TIMEOUT, "no answer within %s".formatted(patience), true);
            reply.complete(late);
            return reply.getNow(late);
        } catch (ExecutionException e) {
            return Refused.of(e.getCause() == null ? e : e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoppedException("interrupted while a question was answered", e);
        }
    }

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
