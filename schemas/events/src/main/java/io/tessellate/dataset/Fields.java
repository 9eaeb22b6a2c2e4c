package io.tessellate.dataset;

import io.tessellate.event.FieldMapping;
import org.jspecify.annotations.Nullable;

/** The field names of a producer's record type. */
record Fields(
        Field id, Field split, Field text, Field textPair, Field label, Field prompt, Field completion, Field choices) {
    private static final FieldMapping OWN_NAMES = new FieldMapping();

    static Fields of(@Nullable FieldMapping mapping) {
        FieldMapping names = mapping == null ? OWN_NAMES : mapping;
        return new Fields(
                field(names.getId(), "id"),
                field(names.getSplit(), "split"),
                field(names.getText(), "text"),
                field(names.getTextPair(), "text_pair"),
                field(names.getLabel(), "label"),
                field(names.getPrompt(), "prompt"),
                field(names.getCompletion(), "completion"),
                field(names.getChoices(), "choices"));
    }

    private static Field field(@Nullable String mapped, String own) {
        return mapped == null ? new Field(own, false) : new Field(mapped, true);
    }
}
