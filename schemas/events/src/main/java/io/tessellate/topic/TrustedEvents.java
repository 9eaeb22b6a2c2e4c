package io.tessellate.topic;

import org.apache.avro.util.ClassSecurityValidator;
import org.apache.avro.util.ClassSecurityValidator.ClassSecurityPredicate;

/**
 * Avro makes no class that a schema names unless it is trusted, its own generated ones included. This trusts the events,
 * and nothing else; every door to them (serdes, decoder, catalogue) sees to it when it is first used.
 */
public final class TrustedEvents {
    private static final String EVENTS = "io.tessellate.event";

    static {
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
