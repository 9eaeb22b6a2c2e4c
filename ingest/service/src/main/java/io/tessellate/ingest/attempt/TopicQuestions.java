package io.tessellate.ingest.attempt;

import io.tessellate.ingest.source.TopicSighting;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What is being asked about the topic of one dataset: at its opening, and before it closes. */
final class TopicQuestions {
    private @Nullable CompletableFuture<TopicSighting> opening;
    private @Nullable CompletableFuture<TopicSighting> closing;
    private long closingAskedAt;

    /** The answer at the opening, once it is there; the question is put by the first call. */
    Optional<TopicSighting> opening(Supplier<CompletableFuture<TopicSighting>> question) {
        if (opening == null) {
            opening = question.get();
        }
        return answer(opening);
    }

    /**
     * The answer before the close, once it is there. The question is put by the first call, and again when something came since
     * it was put.
     *
     * @param lastSeen when the last record or manifest came
     */
    Optional<TopicSighting> closing(long lastSeen, Supplier<CompletableFuture<TopicSighting>> question) {
        if (closing == null || closingAskedAt != lastSeen) {
            if (closing != null) {
                closing.cancel(false);
            }
            closing = question.get();
            closingAskedAt = lastSeen;
        }
        return answer(closing);
    }

    /** A question that was answered can be put anew. */
    void forgetOpening() {
        opening = null;
    }

    void forget() {
        opening = null;
        if (closing != null) {
            closing.cancel(false);
            closing = null;
        }
    }

    private static Optional<TopicSighting> answer(CompletableFuture<TopicSighting> future) {
        return future.isDone() && !future.isCancelled() ? Optional.of(future.join()) : Optional.empty();
    }
}
