package io.tessellate.runtime.kafka.work;

import io.tessellate.error.ErrorCode;
import io.tessellate.runtime.retry.Backoff;
import io.tessellate.runtime.retry.Retry;

/** Told by a piece of work what it has to wait for, so that people can see it. */
public interface Waiting {
    /** The work waits; a wait for a person ({@code CONFLICT}) does not make the process unready, one for a dependency does. */
    void waitsFor(ErrorCode code, String why);

    /** It waits no longer. */
    void goesOn();

    /**
     * Does work that begins again, after growing pauses, while something that it needs is away, and says so each time.
     *
     * @param what it is, for people
     * @throws io.tessellate.error.StoppedException if the stop is asked for during a pause
     */
    default void patiently(String what, Cancellation cancellation, Runnable work) {
        new Retry(
                        Backoff.endless(),
                        cancellation,
                        failure -> waitsFor(failure.code(), "%s waits: %s".formatted(what, failure.getMessage())))
                .run(work);
    }
}
