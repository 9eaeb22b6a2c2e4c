package io.tessellate.runtime.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ShutdownTest {
    private static final Duration SOON = Duration.ofMillis(1);

    private final AtomicInteger runs = new AtomicInteger();

    @Test
    void theWorkIsDoneOnceByAProcessThatEndsByItself() throws InterruptedException {
        Shutdown shutdown = Shutdown.hook(runs::incrementAndGet);
        assertThat(shutdown.await(SOON)).isFalse();

        shutdown.now();
        shutdown.now();
        assertThat(runs).hasValue(1);
        assertThat(shutdown.await(SOON)).isTrue();
    }

    @Test
    void whoWaitsIsReleasedAlsoWhereTheWorkFails() throws InterruptedException {
        Shutdown shutdown = Shutdown.hook(() -> {
            throw new IllegalStateException("no way to stop");
        });
        assertThatThrownBy(shutdown::now).hasMessage("no way to stop");
        assertThat(shutdown.await(SOON)).isTrue();
    }
}
