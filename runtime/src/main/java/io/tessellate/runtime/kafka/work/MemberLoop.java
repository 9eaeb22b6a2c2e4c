package io.tessellate.runtime.kafka.work;

import io.tessellate.runtime.health.Health;
import java.util.Optional;

/** What a member of a group does with its records, for one life of its clients. */
public interface MemberLoop extends Runnable {
    /** Whether records are being worked on. */
    Health health();

    /** Why it ended without being asked to, once it has. */
    Optional<RuntimeException> failure();

    /** Ends the loop. */
    void stop();
}
