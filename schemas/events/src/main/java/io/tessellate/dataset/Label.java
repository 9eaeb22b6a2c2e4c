package io.tessellate.dataset;

/** What an example is trained towards. */
public sealed interface Label {
    /** A class, by its number in the manifest's labels. */
    record ClassIndex(int index) implements Label {
        public ClassIndex {
            if (index < 0) {
                throw new IllegalArgumentException("class number must not be negative: " + index);
            }
        }

        @Override
        public int classIndex() {
            return index;
        }
    }

    /** A real value; never infinite, NaN or negative zero. */
    record Real(double real) implements Label {
        public Real {
            if (!Double.isFinite(real)) {
                throw new IllegalArgumentException("value must be finite: " + real);
            }
            real = real + 0.0;
        }

        @Override
        public double value() {
            return real;
        }
    }

    /** The text that continues a prompt. */
    record Completion(String text) implements Label {
        @Override
        public String completion() {
            return text;
        }
    }

    /** Number of the class; only a {@link ClassIndex} has one. */
    default int classIndex() {
        throw new IllegalStateException("not a class: " + this);
    }

    /** The real value; only a {@link Real} has one. */
    default double value() {
        throw new IllegalStateException("not a real value: " + this);
    }

    /** The continuation; only a {@link Completion} has one. */
    default String completion() {
        throw new IllegalStateException("not a completion: " + this);
    }
}
