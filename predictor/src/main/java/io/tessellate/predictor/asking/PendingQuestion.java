package io.tessellate.predictor.asking;

import io.tessellate.dataset.Question;
import java.util.concurrent.CompletableFuture;

/**
 * A question that waits for its answer.
 *
 * @param asked when, by {@link System#nanoTime}
 */
record PendingQuestion(AskedView view, Question question, long asked, CompletableFuture<Reply> reply) {
    PendingQuestion(AskedView view, Question question) {
        this(view, question, System.nanoTime(), new CompletableFuture<>());
    }

    /** Whether nobody waits for it any more. */
    boolean abandoned() {
        return reply.isDone();
    }
}
