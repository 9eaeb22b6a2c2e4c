package io.tessellate.dataset.record;

import io.tessellate.event.FieldMapping;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The field names of a producer's record type. */
record Fields(
        Field id, Field split, Field text, Field textPair, Field label, Field prompt, Field completion, Field choices) {
    private static final FieldMapping OWN_NAMES = new FieldMapping();
    /** Where many data sets' files have a class's name beside its number. */
    private static final Field LABEL_NAME = new Field("label_name", false);

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

    /** The label of a record, null if it has none; in a file that has none under our own name, the class's name. */
    @Nullable
    Object labelOf(Object record) {
        Object given = label.of(record);
        return given == null && record instanceof Map && !label.mapped() ? LABEL_NAME.of(record) : given;
    }
}
