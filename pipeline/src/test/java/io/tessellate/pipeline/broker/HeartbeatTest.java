package io.tessellate.pipeline.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class HeartbeatTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private Instant now = Instant.EPOCH;
    private boolean answers = true;
    private final Heartbeat heartbeat = new Heartbeat(() -> answers, PATIENCE, new Clock() {
        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneOffset getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    });

    @Test
    void whatDoesNotAnswerForLongHangs() {
        beat(3);
        answers = false;
        beat(6);
        assertThat(heartbeat.silent()).isEmpty();
        beat(1);
        assertThat(heartbeat.silent()).contains(PATIENCE);
    }

    @Test
    void oneAnswerInBetweenBeginsAnew() {
        answers = false;
        beat(6);
        answers = true;
        beat(1);
        answers = false;
        beat(6);
        assertThat(heartbeat.silent()).isEmpty();
        beat(5);
        answers = true;
        beat(1);
        assertThat(heartbeat.silent()).isEmpty();
    }

    @Test
    void aMachineThatSleptHasNotAsked() {
        answers = false;
        beat(1);
        now = now.plus(Duration.ofHours(8));
        beat(2);
        assertThat(heartbeat.silent()).isEmpty();
    }

    private void beat(int times) {
        for (int time = 0; time < times; time++) {
            heartbeat.beat();
            now = now.plus(Duration.ofSeconds(5));
        }
    }
}
