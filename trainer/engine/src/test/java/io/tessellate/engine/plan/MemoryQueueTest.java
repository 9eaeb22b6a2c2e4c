package io.tessellate.engine.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class MemoryQueueTest {
    private final Hand clock = new Hand();
    private final MemoryQueue queue = new MemoryQueue(clock);

    /** A clock that is moved by hand. */
    private static final class Hand extends Clock {
        private Instant now = Instant.EPOCH;

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    private void pass(Duration time) {
        clock.now = clock.now.plus(time);
    }

    /** One who waits and asks again every half minute. */
    private void waitFor(String name, long bytes, Duration time) {
        queue.waits(name, bytes);
        for (Duration done = Duration.ZERO; done.compareTo(time) < 0; done = done.plusSeconds(30)) {
            pass(Duration.ofSeconds(30));
            queue.waits(name, bytes);
        }
    }

    private long trainingFinds(String name) {
        return queue.claimedBefore(name, false, 10, 0);
    }

    @Test
    void forAMinuteWhoeverFitsMayPassAndAfterwardsNobody() {
        queue.waits("large", 100);
        assertThat(trainingFinds("small")).isZero();
        waitFor("large", 100, Duration.ofMinutes(2));
        assertThat(trainingFinds("small")).isEqualTo(100);
        assertThat(trainingFinds("large")).as("its own claim is not in its way").isZero();
    }

    @Test
    void whoCameFirstIsServedFirst() {
        queue.waits("first", 100);
        pass(Duration.ofSeconds(1));
        waitFor("second", 20, Duration.ofMinutes(1));
        queue.waits("first", 100);
        pass(Duration.ofSeconds(2));
        assertThat(trainingFinds("second")).isEqualTo(100);
        assertThat(trainingFinds("first")).isZero();
        assertThat(trainingFinds("third")).isEqualTo(120);
        queue.leaves("first");
        assertThat(trainingFinds("third")).isEqualTo(20);
    }

    @Test
    void whatIsSoonOverPassesOneWhoWaitsForSomethingThatTakesLong() {
        waitFor("large", 100, Duration.ofMinutes(2));
        assertThat(queue.claimedBefore("scoring", true, 30, 20))
                .as("50 would be free, were all brief ones over: it waits for a training")
                .isZero();
        assertThat(queue.claimedBefore("scoring", true, 30, 80))
                .as("only brief ones are in its way, and another would be one more")
                .isEqualTo(100);
    }

    @Test
    void whoAsksNoMoreHasNoClaim() {
        waitFor("large", 100, Duration.ofMinutes(2));
        pass(MemoryQueue.GIVEN_UP.plusSeconds(1));
        assertThat(trainingFinds("small")).isZero();
    }
}
