package io.tessellate.engine.version;

import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.backend.Backends;
import io.tessellate.engine.plan.MemoryBudget;

/**
 * What all parts of a process share that compute: the backend's name, the memory they take from, and the bases that lie in it.
 *
 * @param backend name of the backend that each opens for itself
 * @param budget asked before memory is taken
 * @param bases where base weights are taken from
 */
public record ProcessEngine(String backend, MemoryBudget budget, SharedBases bases) {
    /**
     * That of a process in which nobody computes yet.
     *
     * @param most bytes that a person allows; {@link Long#MAX_VALUE}: all that there is
     */
    public static ProcessEngine of(String backend, long most) {
        return new ProcessEngine(backend, new MemoryBudget(most), new SharedBases());
    }

    /** The backend, opened for one part of the process, which counts the vectors of that part. */
    public Backend open() {
        return Backends.open(backend);
    }
}
