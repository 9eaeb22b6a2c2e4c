package io.tessellate.pipeline.reach;

import java.util.List;

/** What a port answers to a stranger. */
sealed interface PortAnswer {
    /** Nobody can be spoken to; {@code why} completes "HOST:PORT ...". */
    record Unreachable(String why) implements PortAnswer {}

    /** Somebody who listens and says nothing. */
    record Silent() implements PortAnswer {}

    /**
     * A Kafka broker that speaks in the clear.
     *
     * @param mechanisms what it accepts to log in with; empty: it asks for no login
     */
    record Clear(List<String> mechanisms) implements PortAnswer {
        public Clear {
            mechanisms = List.copyOf(mechanisms);
        }
    }

    /** Somebody who speaks TLS. */
    record Tls() implements PortAnswer {}

    /** A web server. */
    record Web() implements PortAnswer {}

    /** Somebody who is no Kafka broker, or who hangs up. */
    record Stranger() implements PortAnswer {}
}
