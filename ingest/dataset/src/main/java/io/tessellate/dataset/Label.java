package io.tessellate.dataset;

import java.util.List;

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

    /**
     * What the assistant says to a conversation, as a chat template writes it: prompt and text hold all special tokens.
     *
     * @param text with the tokens that end it
     * @param said the text without what the template puts behind it
     */
    record Reply(String text, String said) implements Label {
        @Override
        public String completion() {
            return text;
        }
    }

    /**
     * One of several texts that an example offers.
     *
     * @param index number of the right one, from 0
     * @param choices at least two
     */
    record Choice(int index, List<String> choices) implements Label {
        public Choice {
            choices = List.copyOf(choices);
            if (choices.size() < 2 || index < 0 || index >= choices.size()) {
                throw new IllegalArgumentException(
                        "number %d must be that of one of at least two choices: %s".formatted(index, choices));
            }
        }

        @Override
        public int classIndex() {
            return index;
        }

        /** The right one. */
        @Override
        public String completion() {
            return choices.get(index);
        }
    }

    /** Number of the class; only a {@link ClassIndex} and a {@link Choice} have one. */
    default int classIndex() {
        throw new IllegalStateException("not a class: " + this);
    }

    /** The texts offered; none but of a {@link Choice}. */
    default List<String> choices() {
        return List.of();
    }

    /** The real value; only a {@link Real} has one. */
    default double value() {
        throw new IllegalStateException("not a real value: " + this);
    }

    /** The continuation; only a {@link Completion}, a {@link Reply} and a {@link Choice} have one. */
    default String completion() {
        throw new IllegalStateException("not a completion: " + this);
    }
}
