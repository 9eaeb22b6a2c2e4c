package io.tessellate.evaluator.alert;

import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How the sending of one alert to one endpoint ended.
 *
 * @param alert its id
 * @param endpoint the endpoint's name
 * @param attempts how often it was tried since the process began to
 * @param status HTTP status of the last answer; null where there was none
 * @param reason why it was given up or not sent; empty where it was delivered
 * @param body of what was given up: what was to be sent
 */
public record Delivery(
        String alert,
        String endpoint,
        Outcome outcome,
        int attempts,
        @Nullable Integer status,
        String reason,
        @Nullable String body,
        Instant at) {

    /** What became of it. */
    public enum Outcome {
        /** The endpoint took it. */
        DELIVERED,
        /** It was tried as often as it is, or the endpoint wants no more. */
        GIVEN_UP,
        /** A silence kept it back. */
        SILENCED,
        /** Somebody looked after it before it could be delivered. */
        ACKNOWLEDGED;

        /** As people and files call it. */
        @JsonValue
        public String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', ' ');
        }
    }
}
