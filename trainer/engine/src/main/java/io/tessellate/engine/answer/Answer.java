package io.tessellate.engine.answer;

import java.util.List;

/** What a task says to one question. */
public sealed interface Answer {
    /**
     * One of several classes or choices.
     *
     * @param index number of the likeliest, from 0; of equals the first
     * @param probabilities of all of them; they sum to 1
     */
    record Choice(int index, List<Double> probabilities) implements Answer {
        /** Copies the list. */
        public Choice {
            probabilities = List.copyOf(probabilities);
        }
    }

    /** A real value. */
    record Value(double value) implements Answer {}

    /**
     * A text that continues the prompt.
     *
     * @param ended whether the model ended it; else the limit on new tokens, or on the model's positions, cut it off
     */
    record Text(String text, boolean ended) implements Answer {}
}
