package io.tessellate.runtime.kafka.work;

import io.tessellate.error.ErrorCode;

/** Told by a piece of work what it has to wait for, so that people can see it. */
public interface Waiting {
    /** The work waits; a wait for a person ({@code CONFLICT}) does not make the process unready, one for a dependency does. */
    void waitsFor(ErrorCode code, String why);

    /** It waits no longer. */
    void goesOn();
}
