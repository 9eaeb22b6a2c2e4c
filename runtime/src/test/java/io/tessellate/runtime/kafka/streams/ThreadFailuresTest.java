package io.tessellate.runtime.kafka.streams;

import static org.assertj.core.api.Assertions.assertThat;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.RetriableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.junit.jupiter.api.Test;

class ThreadFailuresTest {
    private final AtomicLong clock = new AtomicLong();
    private final List<Long> pauses = new ArrayList<>();
    private final ThreadFailures failures = new ThreadFailures("ingest", clock::get, pauses::add);

    private static StreamsException poison(int offset) {
        return new StreamsException(
                "Exception caught in process. taskId=2_1, processor=judge, topic=records, partition=1, offset="
                        + offset,
                new IllegalStateException("Invalid schema type JSON"));
    }

    private void diesEveryTwelveSeconds(int times, Throwable failure) {
        for (int i = 0; i < times; i++) {
            clock.addAndGet(Duration.ofSeconds(12).toNanos());
            assertThat(failures.onFailure(failure)).isEqualTo(StreamThreadExceptionResponse.REPLACE_THREAD);
        }
    }

    @Test
    void aThreadThatDiesOfTheSameAgainAndAgainNeedsAPersonHoweverLongItLived() {
        diesEveryTwelveSeconds(3, poison(60));
        assertThat(failures.beyondHelp()).isEmpty();
        diesEveryTwelveSeconds(1, poison(60));
        assertThat(failures.beyondHelp().orElseThrow())
                .contains("4 times")
                .contains("Invalid schema type JSON")
                .contains("task 2_1, records partition 1 offset 60");
    }

    @Test
    void differentCausesAreCountedEachForItself() {
        for (int offset = 0; offset < 10; offset++) {
            diesEveryTwelveSeconds(1, poison(offset));
        }
        assertThat(failures.beyondHelp()).isEmpty();
    }

    @Test
    void whatIsAwayIsWaitedForAsLongAsItTakes() {
        diesEveryTwelveSeconds(50, new StreamsException(new TimeoutException("no answer")));
        diesEveryTwelveSeconds(
                50, new StreamsException(new RetriableException(ErrorCode.UNAVAILABLE_DEPENDENCY, "registry")));
        assertThat(failures.beyondHelp()).isEmpty();
    }

    @Test
    void aCauseThatStaysAwayIsForgotten() {
        diesEveryTwelveSeconds(6, poison(60));
        clock.addAndGet(Duration.ofMinutes(11).toNanos());
        assertThat(failures.beyondHelp()).isEmpty();
    }

    @Test
    void thePausesGrowAndStayBounded() {
        diesEveryTwelveSeconds(10, poison(60));
        assertThat(pauses).startsWith(250L, 500L, 1000L).endsWith(10_000L).isSorted();
    }
}
