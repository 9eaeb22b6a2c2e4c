package io.tessellate.registry.client;

import io.tessellate.runtime.kafka.work.Cancellation;
import java.time.Duration;

/**
 * How long somebody waits for the registry.
 *
 * @param limit the longest time
 * @param cancellation ends the waiting before
 */
public record Patience(Duration limit, Cancellation cancellation) {
    /** Of somebody whom nobody stops. */
    static Patience of(Duration limit) {
        return new Patience(limit, new Cancellation());
    }
}
