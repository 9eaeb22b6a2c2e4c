package io.tessellate.pipeline.stack;

import static org.assertj.core.api.Assertions.assertThat;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.runtime.health.Component;
import io.tessellate.runtime.health.Health;
import io.tessellate.runtime.retry.Backoff;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class SupervisorTest {
    private static final Backoff BACKOFF = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(4), 4);

    private final List<String> said = new ArrayList<>();
    private final List<String> gaveUp = new ArrayList<>();
    private final HandClock clock = new HandClock();
    private final FakePart part = new FakePart();
    private Supplier<Health> afterRestart = () -> Health.up("serving");

    @Test
    void aDeadPartIsStartedAgainAfterAPauseAndPeopleAreTold() {
        Supervisor supervisor = supervisor();
        part.health = Health.dead("ended with status 137");
        assertThat(supervisor.look()).isFalse();
        assertThat(part.starts).isZero();
        assertThat(said)
                .containsExactly("registry is down: ended with status 137; starting it again in 1 s (try 1 of 4)");
        clock.advance(Duration.ofSeconds(1));
        supervisor.look();
        assertThat(part.starts).isEqualTo(1);
        assertThat(said).last().isEqualTo("registry was started again");
        clock.advance(Duration.ofMinutes(1));
        supervisor.look();
        assertThat(part.starts).isEqualTo(1);
        assertThat(gaveUp).isEmpty();
    }

    @Test
    void pausesGrowUpToALimitAndInTheEndItIsSaidThatThePartCannotBeHad() {
        Supervisor supervisor = supervisor();
        part.health = Health.dead("ended with status 1");
        afterRestart = () -> part.health;
        List<Duration> starts = new ArrayList<>();
        int seen = 0;
        while (!supervisor.look()) {
            if (part.starts > seen) {
                seen = part.starts;
                starts.add(clock.passed());
            }
            clock.advance(Duration.ofSeconds(1));
        }
        // Each death is noticed a second after the start that led to it.
        assertThat(starts)
                .containsExactly(
                        Duration.ofSeconds(1), Duration.ofSeconds(4), Duration.ofSeconds(9), Duration.ofSeconds(14));
        assertThat(gaveUp).containsExactly("registry could not be started again in 4 tries: ended with status 1");
    }

    @Test
    void aStartThatFailsIsTriedAgainThoughThePartNoLongerCallsItselfDead() {
        Supervisor supervisor = supervisor();
        part.health = Health.dead("ended");
        afterRestart = () -> {
            part.health = Health.waiting("not running");
            throw new TessellateException(ErrorCode.UNAVAILABLE_DEPENDENCY, "port 8081 for registry is taken");
        };
        supervisor.look();
        clock.advance(Duration.ofSeconds(1));
        supervisor.look();
        assertThat(said)
                .last()
                .isEqualTo("registry is down: port 8081 for registry is taken; starting it again in 2 s (try 2 of 4)");
        afterRestart = () -> Health.up("serving");
        clock.advance(Duration.ofSeconds(2));
        supervisor.look();
        assertThat(part.health.ready()).isTrue();
        assertThat(said).last().isEqualTo("registry was started again");
    }

    @Test
    void aPartThatStayedUpForAWhileHasAllItsTriesAgain() {
        Supervisor supervisor = supervisor();
        for (int death = 0; death < 10; death++) {
            part.health = Health.dead("ended");
            supervisor.look();
            clock.advance(Duration.ofSeconds(1));
            supervisor.look();
            supervisor.look();
            clock.advance(Duration.ofMinutes(1));
            supervisor.look();
        }
        assertThat(part.starts).isEqualTo(10);
        assertThat(gaveUp).isEmpty();
    }

    @Test
    void aPartThatIsNotReadyForSomeTimeIsNamedOnceAndSoIsItsReturn() {
        Supervisor supervisor = supervisor();
        supervisor.look();
        part.health = Health.waiting("the broker is away");
        for (int second = 0; second < 30; second++) {
            supervisor.look();
            clock.advance(Duration.ofSeconds(1));
        }
        part.health = Health.up("serving");
        supervisor.look();
        assertThat(said).containsExactly("registry is not ready: the broker is away", "registry is ready again");
    }

    @Test
    void aPartThatIsStillStartingIsNotSpokenOf() {
        Supervisor supervisor = supervisor();
        part.health = Health.waiting("starting");
        for (int second = 0; second < 120; second++) {
            supervisor.look();
            clock.advance(Duration.ofSeconds(1));
        }
        assertThat(said).isEmpty();
    }

    private Supervisor supervisor() {
        return new Supervisor(List.of(new Watched(part, this::restart, BACKOFF, said::add)), clock, gaveUp::add);
    }

    private void restart() {
        part.starts++;
        part.health = afterRestart.get();
    }

    private static final class FakePart implements Component {
        private Health health = Health.up("serving");
        private int starts;

        @Override
        public String name() {
            return "registry";
        }

        @Override
        public Health health() {
            return health;
        }
    }

    private static final class HandClock extends Clock {
        private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
        private Instant now = START;

        void advance(Duration by) {
            now = now.plus(by);
        }

        Duration passed() {
            return Duration.between(START, now);
        }

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
}
