package io.tessellate.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

public final class PatienceTest {
    private final Patience three = new Patience(3, Duration.ZERO);
    private final AtomicInteger calls = new AtomicInteger();

    @Test
    public void whatMayPassIsTriedAgain() {
        String result = three.call(() -> {
            if (calls.incrementAndGet() < 3) {
                throw new TessellateException(ErrorCode.STORAGE, "away");
            }
            return "there";
        });

        assertThat(result).isEqualTo("there");
        assertThat(calls).hasValue(3);
    }

    @Test
    public void patienceEnds() {
        assertThatThrownBy(() -> three.call(() -> {
                    calls.incrementAndGet();
                    throw new TessellateException(ErrorCode.STORAGE, "away");
                }))
                .hasMessage("away");
        assertThat(calls).hasValue(3);
    }

    @Test
    public void whatWillNotPassIsTriedOnce() {
        assertThatThrownBy(() -> three.call(() -> {
                    calls.incrementAndGet();
                    throw new TessellateException(ErrorCode.MALFORMED_FILE, "broken");
                }))
                .hasMessage("broken");
        assertThat(calls).hasValue(1);
    }

    @Test
    public void theUsualPatienceOutlastsAMinuteWithFewDeaths() {
        Patience usual = Patience.usual();

        assertThat(usual.pause().multipliedBy(usual.attempts() - 1L))
                .isBetween(Duration.ofSeconds(12), Duration.ofSeconds(19));
    }
}
