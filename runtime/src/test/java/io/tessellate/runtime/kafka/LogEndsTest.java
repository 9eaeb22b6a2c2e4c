package io.tessellate.runtime.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tessellate.error.StoppedException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.internals.KafkaFutureImpl;
import org.junit.jupiter.api.Test;

class LogEndsTest {
    private static final TopicPartition LOG = new TopicPartition("registry", 0);

    private final List<String> calls = new ArrayList<>();

    /** Clients that all give this answer to a question for a log's end. */
    private LogEnds answered(Supplier<KafkaFuture<ListOffsetsResultInfo>> answer) {
        return new LogEnds(() -> {
            calls.add("connect");
            return (Admin) Proxy.newProxyInstance(
                    Admin.class.getClassLoader(), new Class<?>[] {Admin.class}, (proxy, method, arguments) -> {
                        calls.add(method.getName());
                        return method.getName().equals("listOffsets")
                                ? new ListOffsetsResult(Map.of(LOG, answer.get()))
                                : null;
                    });
        });
    }

    private static KafkaFuture<ListOffsetsResultInfo> failed(Throwable failure) {
        KafkaFutureImpl<ListOffsetsResultInfo> future = new KafkaFutureImpl<>();
        future.completeExceptionally(failure);
        return future;
    }

    @Test
    void oneConnectionAnswersAllQuestionsAndIsClosed() {
        LogEnds ends = answered(() -> KafkaFuture.completedFuture(new ListOffsetsResultInfo(7, -1, Optional.empty())));
        assertThat(ends.of(Set.of(LOG))).isCompletedWithValue(Map.of(LOG, 7L));
        assertThat(ends.of(Set.of(LOG))).isCompletedWithValue(Map.of(LOG, 7L));
        ends.close();
        assertThat(calls).containsExactly("connect", "listOffsets", "listOffsets", "close");
        assertThatThrownBy(() -> ends.of(Set.of(LOG))).isInstanceOf(StoppedException.class);
    }

    @Test
    void whatIsNotAskedConnectsToNobody() {
        answered(() -> failed(new TimeoutException("none"))).close();
        assertThat(calls).isEmpty();
    }

    @Test
    void aClientThatNoLongerAnswersIsLeftForAnother() {
        LogEnds ends = answered(() -> failed(new TimeoutException("The AdminClient thread has exited.")));
        assertThat(ends.of(Set.of(LOG))).isCompletedExceptionally();
        assertThat(ends.of(Set.of(LOG))).isCompletedExceptionally();
        assertThat(calls).containsExactly("connect", "listOffsets", "close", "connect", "listOffsets", "close");
    }

    @Test
    void aTopicThatMayNotBeReadDisturbsNobodyElse() {
        LogEnds ends = answered(() -> failed(new TopicAuthorizationException(Set.of("registry"))));
        assertThatThrownBy(() -> ends.of(Set.of(LOG)).get()).hasCauseInstanceOf(TopicAuthorizationException.class);
        assertThatThrownBy(() -> ends.of(Set.of(LOG)).get()).hasCauseInstanceOf(TopicAuthorizationException.class);
        assertThat(calls).containsExactly("connect", "listOffsets", "listOffsets");
    }
}
