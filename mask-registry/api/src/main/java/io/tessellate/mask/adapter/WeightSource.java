package io.tessellate.mask.adapter;

/** Somewhere weights can be read: a flat vector, a file, a file with adapters on top. */
@FunctionalInterface
public interface WeightSource {
    /** Reads the values at ascending flat indices of a tensor; as many as there are indices. */
    float[] read(String tensor, int[] indices);
}
