package io.tessellate.dataset;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a task is asked: an example without its answer.
 *
 * @param id by which its label may be told later; null: never
 * @param text its text, or the prompt as the model reads it
 * @param textPair second text of a pair
 * @param choices texts to choose from; empty where the task has none
 * @param framed whether the text holds all special tokens already, as a chat template writes them
 */
public record Question(
        @Nullable String id, String text, @Nullable String textPair, List<String> choices, boolean framed) {
    /** Copies the list. */
    public Question {
        Objects.requireNonNull(text, "text");
        choices = List.copyOf(choices);
    }

    /** A text without identity. */
    public static Question of(String text) {
        return new Question(null, text, null, List.of(), false);
    }
}
