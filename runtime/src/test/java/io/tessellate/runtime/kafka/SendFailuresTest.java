package io.tessellate.runtime.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.RetriableException;
import java.net.ConnectException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SerializationException;
import org.junit.jupiter.api.Test;

class SendFailuresTest {
    private static final KafkaException AWAY = new SerializationException("no schema", new ConnectException("refused"));

    @Test
    void aRecordThatWouldBeRefusedAgainIsToBlame() {
        assertThat(SendFailures.isOfTheRecord(new RecordTooLargeException("20 MiB")))
                .isTrue();
        assertThat(SendFailures.isOfTheRecord(new InvalidTopicException("no name")))
                .isTrue();
        assertThat(SendFailures.isOfTheRecord(new KafkaException("aborted", new RecordTooLargeException("20 MiB"))))
                .isTrue();
        assertThat(SendFailures.isOfTheRecord(new SerializationException("no such field")))
                .isTrue();
        assertThat(SendFailures.isOfTheRecord(
                        new SerializationException("no schema", new RestClientException("incompatible", 409, 409))))
                .isTrue();
    }

    @Test
    void aProducerThatIsFencedOrARegistryThatIsAwayIsNotTheRecordsFault() {
        assertThat(SendFailures.isOfTheRecord(new ProducerFencedException("another has the id")))
                .isFalse();
        assertThat(SendFailures.isOfTheRecord(AWAY)).isFalse();
    }

    @Test
    void onlyARegistryThatIsAwayMayPass() {
        assertThat(SendFailures.of(AWAY))
                .isInstanceOfSatisfying(
                        RetriableException.class,
                        failure -> assertThat(failure.code()).isEqualTo(ErrorCode.UNAVAILABLE_DEPENDENCY))
                .hasMessageStartingWith("the schema registry did not answer");
        KafkaException fenced = new ProducerFencedException("another has the id");
        assertThat(SendFailures.of(fenced)).isSameAs(fenced);
    }
}
