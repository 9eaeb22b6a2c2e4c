package io.tessellate.runtime.kafka;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** A point of the log somebody waits for: the ends of all partitions after the tail first saw the request. */
final class CatchUp {
    private final Function<Consumer<?, ?>, CompletableFuture<Map<TopicPartition, Long>>> question;
    private @Nullable CompletableFuture<Map<TopicPartition, Long>> ends;
    private volatile boolean reached;

    /** A point not yet looked for; the question tells where the partitions end that a consumer reads. */
    CatchUp(Function<Consumer<?, ?>, CompletableFuture<Map<TopicPartition, Long>>> question) {
        this.question = question;
    }

    /**
     * Looks whether the consumer has come that far, and does not wait for the answer where that is; in the consumer's thread only.
     *
     * @throws io.tessellate.error.TessellateException if nobody can tell; the next look asks anew
     */
    void check(Consumer<?, ?> consumer) {
        if (ends == null) {
            ends = question.apply(consumer);
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
