package io.tessellate.engine.backend;

import java.nio.FloatBuffer;

/** Floats that are read in parts, for example from a file. */
@FunctionalInterface
public interface FloatSource {
    /** Puts {@code count} floats, the first of which is number {@code first}, at the target's position. */
    void read(int first, int count, FloatBuffer target);
}
