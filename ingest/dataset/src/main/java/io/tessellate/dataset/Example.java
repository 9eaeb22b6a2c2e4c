package io.tessellate.dataset;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One example of a dataset.
 *
 * @param id identity within its task and split; null: never a duplicate
 * @param split what it is for
 * @param text its text, or the prompt of a generation example
 * @param textPair second text of a pair
 * @param label what it is trained towards
 */
public record Example(
        @Nullable String id,
        Split split,
        String text,
        @Nullable String textPair,
        Label label) {
    public Example {
        Objects.requireNonNull(split, "split");
        Objects.requireNonNull(text, "text");
        Objects.requireNonNull(label, "label");
    }

    /** A train example without identity, as tests and generators need it. */
    public static Example train(String text, Label label) {
        return new Example(null, Split.TRAIN, text, null, label);
    }

    /** An eval example without identity. */
    public static Example eval(String text, Label label) {
        return new Example(null, Split.EVAL, text, null, label);
    }

    /** What a generation example starts from: its text. */
    public String prompt() {
        return text;
    }
}
