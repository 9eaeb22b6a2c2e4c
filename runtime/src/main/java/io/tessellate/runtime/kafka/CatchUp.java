package io.tessellate.runtime.kafka;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** A point of the log somebody waits for: the ends of all partitions after the tail first saw the request. */
final class CatchUp {
    /** Where the partitions end that a consumer reads. */
    @FunctionalInterface
    interface Question {
        CompletableFuture<Map<TopicPartition, Long>> of(Consumer<?, ?> consumer);
    }

    private final Question question;
    private @Nullable CompletableFuture<Map<TopicPartition, Long>> ends;
    private volatile boolean reached;

    /** A point not yet looked for. */
    CatchUp(Question question) {
        this.question = question;
    }

    /** Asks the consumer, and waits for the answer. */
    static CompletableFuture<Map<TopicPartition, Long>> byItself(Consumer<?, ?> consumer) {
        return CompletableFuture.completedFuture(consumer.endOffsets(consumer.assignment()));
    }

    /**
     * Looks whether the consumer has come that far, and does not wait for the answer where that is; in the consumer's thread only.
     *
     * @throws io.tessellate.error.TessellateException if nobody can tell; the next look asks anew
     */
    void check(Consumer<?, ?> consumer) {
        if (ends == null) {
            ends = question.of(consumer);
        }
        if (ends.isDone()) {
            reached =
                    answer(ends).entrySet().stream().allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
        }
    }

    private Map<TopicPartition, Long> answer(CompletableFuture<Map<TopicPartition, Long>> done) {
        try {
            return done.get();
        } catch (ExecutionException | InterruptedException e) {
            ends = null;
            throw KafkaFailures.of("where the log ends cannot be told", e);
        }
    }

    boolean reached() {
        return reached;
    }
}
