package io.tessellate.pipeline.cli.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class SupervisedWorkTest {
    private final CountDownLatch never = new CountDownLatch(1);
    private final AtomicBoolean interrupted = new AtomicBoolean();
    private final AtomicBoolean alive = new AtomicBoolean(true);
    private final AtomicReference<Optional<String>> brokerGone = new AtomicReference<>(Optional.empty());
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void workThatIsDoneIsDone() {
        AtomicBoolean done = new AtomicBoolean();
        attendance(null).run(() -> done.set(true));
        assertThat(done).isTrue();
    }

    @Test
    void whatTheWorkThrowsIsThrown() {
        assertThatThrownBy(() -> attendance(null).run(() -> {
                    throw new TessellateException(ErrorCode.UNKNOWN_MODEL, "no model 'glue'");
                }))
                .hasMessage("no model 'glue'");
    }

    @Test
    void aCommandThatWaitsEndsWhenItsStackHasEnded() {
        assertThatThrownBy(() -> attendance(null).run(() -> {
                    alive.set(false);
                    hang();
                }))
                .isInstanceOfSatisfying(
                        TessellateException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE_DEPENDENCY))
                .hasMessage("the stack has ended; start it again");
        assertThat(interrupted).isTrue();
    }

    @Test
    void aCommandEndsWhenItsTimeIsOverAndSaysWhatItWaitedFor() {
        assertThatThrownBy(() -> attendance(Duration.ofMillis(300)).run(this::hang))
                .isInstanceOfSatisfying(
                        TessellateException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TIMEOUT))
                .hasMessage("not done within the 300 ms of --timeout: glue/sst2 train step 3 of 40");
    }

    @Test
    void aBrokerThatIsAwayForAMomentIsWaitedForAndOneThatStaysAwayIsNot() {
        RunningStackWatch line = watch();
        brokerGone.set(Optional.of("the broker 127.0.0.1:9092 cannot be reached"));
        line.look();
        assertThat(line.broken()).isEmpty();
        brokerGone.set(Optional.empty());
        now = now.plusSeconds(5);
        line.look();
        brokerGone.set(Optional.of("the broker 127.0.0.1:9092 does not answer"));
        line.look();
        assertThat(line.broken()).isEmpty();
        now = now.plusSeconds(5);
        line.look();
        assertThat(line.broken()).isEmpty();
        line.look();
        assertThat(line.broken())
                .hasValueSatisfying(e -> assertThat(e)
                        .hasMessage("the broker 127.0.0.1:9092 does not answer; it goes on when the broker is back"));
    }

    private void hang() {
        try {
            never.await();
        } catch (InterruptedException e) {
            interrupted.set(true);
            throw new TessellateException(ErrorCode.INTERRUPTED, "waiting was interrupted", e);
        }
    }

    private SupervisedWork attendance(@org.jspecify.annotations.Nullable Duration limit) {
        return new SupervisedWork(watch(), limit, () -> "glue/sst2 train step 3 of 40");
    }

    private RunningStackWatch watch() {
        return new RunningStackWatch(
                alive::get,
                "the stack has ended; start it again",
                brokerGone::get,
                "it goes on when the broker is back",
                clock());
    }

    private Clock clock() {
        return new Clock() {
            @Override
            public Instant instant() {
                return now;
            }

            @Override
            public java.time.ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(java.time.ZoneId zone) {
                return this;
            }
        };
    }
}
