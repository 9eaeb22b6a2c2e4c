package io.tessellate.runtime.kafka;

import io.tessellate.error.StoppedException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Where logs end for readers of committed records, asked over a connection of its own: a broker answers a connection's requests one
 * after the other, so that on a consumer's the question would wait until a fetch that finds nothing has waited.
 */
final class LogEnds implements AutoCloseable {
    private static final ListOffsetsOptions COMMITTED = new ListOffsetsOptions(IsolationLevel.READ_COMMITTED);

    /** For what others have asked a client that is left. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Supplier<Admin> connect;
    private @Nullable Admin admin;
    private boolean closed;

    /** Nothing is connected before the first question. */
    LogEnds(Supplier<Admin> connect) {
        this.connect = connect;
    }

    /** The offsets after the last committed records, as they are when the broker answers. Does not wait for that. */
    CompletableFuture<Map<TopicPartition, Long>> of(Set<TopicPartition> partitions) {
        Map<TopicPartition, OffsetSpec> asked =
                partitions.stream().collect(Collectors.toMap(partition -> partition, partition -> OffsetSpec.latest()));
        Admin answering = admin();
        return answering
                .listOffsets(asked, COMMITTED)
                .all()
                .toCompletionStage()
                .whenComplete((answers, failure) -> leaveIfSilent(answering, failure))
                .thenApply(answers -> answers.entrySet().stream()
                        .collect(Collectors.toMap(
                                Map.Entry::getKey, answer -> answer.getValue().offset())))
                .toCompletableFuture();
    }

    /** A client that runs out of time may be one whose thread has ended, and would do so for ever: the next question connects anew. */
    private void leaveIfSilent(Admin silent, @Nullable Throwable failure) {
        Throwable said = failure instanceof CompletionException ? failure.getCause() : failure;
        if (said instanceof TimeoutException && isTaken(silent)) {
            silent.close(PATIENCE);
        }
    }

    private synchronized boolean isTaken(Admin silent) {
        boolean current = admin == silent;
        admin = current ? null : admin;
        return current;
    }

    private synchronized Admin admin() {
        if (closed) {
            throw new StoppedException("the clients are closed");
        }
        if (admin == null) {
            admin = connect.get();
        }
        return admin;
    }

    /** Questions that nobody has answered by now are given up: a broker that is away would be waited for. */
    @Override
    public void close() {
        Admin last;
        synchronized (this) {
            closed = true;
            last = admin;
            admin = null;
        }
        if (last != null) {
            last.close(Duration.ZERO);
        }
    }
}
