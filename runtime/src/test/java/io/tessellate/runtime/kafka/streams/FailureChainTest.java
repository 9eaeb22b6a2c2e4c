package io.tessellate.runtime.kafka.streams;

import static org.assertj.core.api.Assertions.assertThat;

import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.net.ConnectException;
import java.util.stream.Stream;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.errors.TaskMigratedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FailureChainTest {
    static Stream<Throwable> passing() {
        return Stream.of(
                new StreamsException(new TimeoutException("no answer")),
                new TaskMigratedException("it has moved"),
                new StreamsException(new io.tessellate.error.RetriableException(ErrorCode.STORAGE, "away")),
                new SerializationException("no schema", new ConnectException("refused")),
                new SerializationException("no schema", new RestClientException("overloaded", 503, 503)));
    }

    static Stream<Throwable> lasting() {
        return Stream.of(
                new StreamsException(new IllegalStateException("a defect")),
                new StreamsException(new RecordTooLargeException("20 MiB")),
                new TessellateException(ErrorCode.DEFECT, "a defect"),
                new SerializationException("no schema", new RestClientException("unknown", 404, 40401)));
    }

    @ParameterizedTest
    @MethodSource("passing")
    void whatIsAwayForNowMayPass(Throwable failure) {
        assertThat(FailureChain.mayPass(failure)).isTrue();
    }

    @ParameterizedTest
    @MethodSource("lasting")
    void whatStaysAsItIsDoesNot(Throwable failure) {
        assertThat(FailureChain.mayPass(failure)).isFalse();
    }

    @Test
    void theInnermostFailureIsWhatAllOthersComeFrom() {
        IllegalStateException root = new IllegalStateException("a defect");
        assertThat(FailureChain.innermost(new StreamsException(new IllegalArgumentException(root))))
                .isSameAs(root);
        assertThat(FailureChain.innermost(root)).isSameAs(root);
    }
}
