package io.tessellate.runtime.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.RetriableException;
import io.tessellate.error.StoppedException;
import io.tessellate.error.TessellateException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class KafkaFailuresTest {
    static Stream<Exception> away() {
        return Stream.of(
                new DisconnectException("gone"),
                new TimeoutException("no answer"),
                new ExecutionException(new org.apache.kafka.common.errors.TimeoutException("no answer")),
                new SerializationException("no schema", new RestClientException("overloaded", 503, 503)));
    }

    static Stream<Exception> refusals() {
        return Stream.of(
                new SaslAuthenticationException("wrong password"),
                new ExecutionException(new TopicAuthorizationException("not yours")),
                new RestClientException("who are you", 401, 401));
    }

    static Stream<Exception> lasting() {
        return Stream.of(
                new InvalidTopicException("no name"),
                new ExecutionException(new IllegalStateException("closed")),
                new SerializationException("no such field"));
    }

    @ParameterizedTest
    @MethodSource("away")
    void whatIsAwayForNowIsTriedAgain(Exception failure) {
        TessellateException ours = KafkaFailures.of("topics cannot be listed", failure);
        assertThat(ours).isInstanceOf(RetriableException.class).hasMessageStartingWith("topics cannot be listed: ");
        assertThat(ours.code()).isEqualTo(ErrorCode.UNAVAILABLE_DEPENDENCY);
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void aWrongPasswordIsNamedAsThatAndMayBeMendedByAPerson(Exception failure) {
        TessellateException ours = KafkaFailures.of("topics cannot be listed", failure);
        assertThat(ours).isInstanceOf(RetriableException.class);
        assertThat(ours.code()).isEqualTo(ErrorCode.NOT_AUTHENTICATED);
    }

    @ParameterizedTest
    @MethodSource("lasting")
    void anythingElseIsADefect(Exception failure) {
        TessellateException ours = KafkaFailures.of("topics cannot be listed", failure);
        assertThat(ours).isNotInstanceOf(RetriableException.class);
        assertThat(ours.code()).isEqualTo(ErrorCode.DEFECT);
    }

    @Test
    void whatWrapsAFailureAndWhatSaysNothingIsNotShown() {
        assertThat(KafkaFailures.of("it fails", new ExecutionException("wrapped", new IllegalStateException("why"))))
                .hasMessage("it fails: why");
        assertThat(KafkaFailures.of("it fails", new IllegalStateException()))
                .hasMessage("it fails: IllegalStateException");
    }

    @Test
    void anInterruptIsAStopAndStaysAnInterrupt() {
        assertThat(KafkaFailures.of("it waits", new InterruptedException())).isInstanceOf(StoppedException.class);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(KafkaFailures.of("it waits", new InterruptException("stop"))).isInstanceOf(StoppedException.class);
        assertThat(Thread.interrupted()).isTrue();
    }
}
