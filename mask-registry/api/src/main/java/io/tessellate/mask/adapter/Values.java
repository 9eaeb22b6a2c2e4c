package io.tessellate.mask.adapter;

/** The new values of an update, in ascending order of their flat index. */
sealed interface Values {
    int count();

    /** All of them, not to be changed. */
    float[] all();

    /** All of them in an array of the caller's own. */
    float[] copy();

    void requireFinite(String what);

    /** In memory. */
    final class Held implements Values {
        private final float[] values;

        Held(float[] values) {
            this.values = values;
        }

        @Override
        public int count() {
            return values.length;
        }

        @Override
        public float[] all() {
            return values;
        }

        @Override
        public float[] copy() {
            return values.clone();
        }

        @Override
        public void requireFinite(String what) {
            TensorLimits.requireFinite(what, values);
        }
    }

    /** In a file, where they were looked through once. */
    record Stored(StoredTensor tensor) implements Values {
        @Override
        public int count() {
            return (int) tensor.info().elements();
        }

        @Override
        public float[] all() {
            return tensor.floats();
        }

        @Override
        public float[] copy() {
            return tensor.floats();
        }

        @Override
        public void requireFinite(String what) {
            // The reader has looked at every one; the checksum says that they are the same.
        }
    }
}
