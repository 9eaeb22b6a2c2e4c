package io.tessellate.runtime.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.RetriableException;
import io.tessellate.error.StoppedException;
import io.tessellate.error.TessellateException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class RetryTest {
    private static final Backoff THREE = new Backoff(Duration.ofMillis(500), Duration.ofSeconds(2), 3);

    private final List<Duration> pauses = new ArrayList<>();
    private final List<String> said = new ArrayList<>();
    private int calls;

    @Test
    void whatCanPassIsTriedAgainAndSaysWhatItWaitsFor() {
        String result = retry(THREE).call(() -> succeedAt(3));

        assertThat(result).isEqualTo("there");
        assertThat(pauses).containsExactly(Duration.ofMillis(500), Duration.ofSeconds(1));
        assertThat(said).containsExactly("away 1", "away 2");
    }

    @Test
    void theLastFailureGoesUpWhenTheAttemptsAreUsedUp() {
        assertThatThrownBy(() -> retry(THREE).call(() -> succeedAt(4)))
                .isInstanceOf(RetriableException.class)
                .hasMessage("away 3");
        assertThat(pauses).hasSize(2);
    }

    @Test
    void whatCannotPassIsTriedOnce() {
        assertThatThrownBy(() -> retry(Backoff.endless()).run(() -> {
                    calls++;
                    throw new TessellateException(ErrorCode.STORAGE, "not there");
                }))
                .hasMessage("not there");
        assertThat(calls).isEqualTo(1);
        assertThat(pauses).isEmpty();
    }

    @Test
    void aStopEndsTheWaiting() {
        var retry = new Retry(Backoff.endless(), length -> {
            throw new StoppedException("asked to");
        });

        assertThatThrownBy(() -> retry.call(() -> succeedAt(2))).isInstanceOf(StoppedException.class);
        assertThat(calls).isEqualTo(1);
    }

    @Test
    void endlessPausesGrowToHalfAMinuteAndStayThere() {
        assertThat(IntStream.of(1, 2, 7, 8, 1_000_000)
                        .mapToObj(Backoff.endless()::after)
                        .toList())
                .containsExactly(
                        Duration.ofMillis(500),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(30));
    }

    @Test
    void pausesThatShrinkAreNoBackoff() {
        assertThatThrownBy(() -> new Backoff(Duration.ofSeconds(2), Duration.ofSeconds(1), 1))
                .hasMessageContaining("the longest last");
    }

    private Retry retry(Backoff backoff) {
        return new Retry(backoff, pauses::add, failure -> said.add(failure.getMessage()));
    }

    private String succeedAt(int call) {
        if (++calls < call) {
            throw new RetriableException(ErrorCode.STORAGE, "away " + calls);
        }
        return "there";
    }
}
