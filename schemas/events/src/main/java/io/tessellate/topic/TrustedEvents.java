package io.tessellate.topic;

import org.apache.avro.util.ClassSecurityValidator;
import org.apache.avro.util.ClassSecurityValidator.ClassSecurityPredicate;

/**
 * Avro makes no class that a schema names unless it is trusted, its own generated ones included. This trusts the events,
 * and nothing else, and bounds what Avro allocates for a length that bytes claim; every door to them (serdes, decoder, catalogue) sees to it when it is first used.
 */
public final class TrustedEvents {
    private static final String EVENTS = "io.tessellate.event";

    /** No record is larger, so no length in one can be; a larger one is a lie that would cost the process its memory. */
    private static final String LARGEST = Integer.toString(16 << 20);

    static {
        for (String kind : new String[] {"bytes", "string", "collectionItems"}) {
            String limit = "org.apache.avro.limits.%s.maxLength".formatted(kind);
            if (System.getProperty(limit) == null) {
                System.setProperty(limit, LARGEST);
            }
        }
        ClassSecurityPredicate before = ClassSecurityValidator.getGlobal();
        ClassSecurityValidator.setGlobal(ClassSecurityValidator.composite(
                before, type -> type.getPackageName().equals(EVENTS)));
    }

    private TrustedEvents() {}

    /** Does nothing after the first call in a process. */
    public static void install() {
        // The work is done when the class is initialised, exactly once.
    }
}
