package io.tessellate.engine.plan;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Who waits for memory, in the order in which they first asked. What somebody waits for is not given to those who came later, so
 * that nobody is overtaken for ever; with two exceptions that keep memory in use. During the first minute anybody may pass. And
 * what is soon over may pass one who would have to wait all the same, for something that takes long: it is over before that is.
 *
 * <p>Who waits asks again and again; one that has not asked for a while was given up. Not for several threads.
 */
final class MemoryQueue {
    /** How long one who waits may be passed by anybody. */
    static final Duration PATIENCE = Duration.ofMinutes(1);
    /** Longer than any pause between two tries. */
    static final Duration GIVEN_UP = Duration.ofMinutes(2);

    private final Clock clock;
    private final Map<String, Place> places = new LinkedHashMap<>();

    MemoryQueue(Clock clock) {
        this.clock = clock;
    }

    private record Place(long bytes, Instant since, Instant asked) {}

    /** Somebody has to wait for so many bytes; one who waits already keeps its place. */
    void waits(String name, long bytes) {
        Instant now = clock.instant();
        places.merge(name, new Place(bytes, now, now), (old, anew) -> new Place(bytes, old.since(), now));
    }

    /** Somebody waits no longer. */
    void leaves(String name) {
        places.remove(name);
    }

    /**
     * Bytes that those who came before somebody have a claim to.
     *
     * @param brief whether what asks is soon over
     * @param free bytes that are free and promised to nobody
     * @param briefly bytes that are taken by what is soon over
     */
    long claimedBefore(String name, boolean brief, long free, long briefly) {
        Instant now = clock.instant();
        places.values().removeIf(place -> place.asked().plus(GIVEN_UP).isBefore(now));
        long claimed = 0;
        for (Map.Entry<String, Place> entry : places.entrySet()) {
            if (entry.getKey().equals(name)) {
                break;
            }
            Place place = entry.getValue();
            boolean patient = place.since().plus(PATIENCE).isAfter(now);
            boolean waitsForLong = brief && place.bytes() > free + briefly;
            if (!patient && !waitsForLong) {
                claimed += place.bytes();
            }
        }
        return claimed;
    }
}
