package io.tessellate.runtime.health;

/** A part of a process that can say whether it would work now. */
public interface Component {
    /** A short name, unique in the process. */
    String name();

    /** Whether it would work now; cheap, never blocks. */
    Health health();
}
