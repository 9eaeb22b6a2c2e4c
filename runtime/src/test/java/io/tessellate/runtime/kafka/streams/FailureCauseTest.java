package io.tessellate.runtime.kafka.streams;

import static org.assertj.core.api.Assertions.assertThat;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.RetriableException;
import org.apache.kafka.streams.errors.StreamsException;
import org.junit.jupiter.api.Test;

class FailureCauseTest {
    private static StreamsException at(String place, Throwable cause) {
        return new StreamsException("Exception caught in process. " + place, cause);
    }

    @Test
    void deathsOfTheSameRecordAreTheSameWhateverChangesInTheirMessages() {
        String place = "taskId=2_1, processor=judge, topic=records, partition=1, offset=60";
        FailureCause one = FailureCause.of(at(place, new IllegalStateException("at 1763650000123 in Judge@6d06d69c")));
        FailureCause two = FailureCause.of(at(place, new IllegalStateException("at 1763650012345 in Judge@1b2c3d")));
        assertThat(one).isEqualTo(two);
        assertThat(one)
                .hasToString("java.lang.IllegalStateException: at # in Judge#"
                        + " (at task 2_1, records partition 1 offset 60)");
    }

    @Test
    void anotherRecordIsAnotherCause() {
        IllegalStateException same = new IllegalStateException("a defect");
        FailureCause one = FailureCause.of(at("taskId=0_0, topic=records, partition=0, offset=7", same));
        FailureCause two = FailureCause.of(at("taskId=0_0, topic=records, partition=0, offset=8", same));
        assertThat(one).isNotEqualTo(two);
    }

    @Test
    void whereStreamsNamesNoPlaceTheInnermostFailureSpeaks() {
        FailureCause cause = FailureCause.of(new StreamsException(new IllegalArgumentException()));
        assertThat(cause).hasToString("java.lang.IllegalArgumentException: null");
        assertThat(cause.mayPass()).isFalse();
    }

    @Test
    void aLongMessageIsCut() {
        assertThat(FailureCause.of(new IllegalStateException("long ".repeat(100)))
                        .message())
                .hasSize(301)
                .endsWith("…");
    }

    @Test
    void whatIsAwayMayPass() {
        assertThat(FailureCause.of(new StreamsException(new RetriableException(ErrorCode.STORAGE, "away")))
                        .mayPass())
                .isTrue();
    }
}
