package io.tessellate.engine.backend.torch;

import java.util.Arrays;

/** What an operator of libtorch takes, as the one word that stands for it. */
sealed interface Argument permits Tensor, Argument.Word, Argument.Numbers, Argument.Tensors {
    /** A tensor, a list or a number that may be left out, and is. */
    Argument NONE = new Word(0);

    /** Makes the word, which a call then uses up. */
    long word();

    static Argument of(long value) {
        return new Word(value);
    }

    static Argument of(boolean value) {
        return new Word(value ? 1 : 0);
    }

    static Argument of(double value) {
        return new Word(Double.doubleToRawLongBits(value));
    }

    /** A whole number, a truth value, or the bits of a number. */
    record Word(long word) implements Argument {}

    /** A list of whole numbers. */
    record Numbers(long... values) implements Argument {
        @Override
        public long word() {
            return Libtorch.list(values);
        }
    }

    /** A list of tensors. */
    record Tensors(Tensor... tensors) implements Argument {
        @Override
        public long word() {
            return Libtorch.list(Arrays.stream(tensors).mapToLong(Tensor::word).toArray());
        }
    }
}
