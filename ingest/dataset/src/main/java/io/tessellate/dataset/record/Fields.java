package io.tessellate.dataset.record;

import io.tessellate.dataset.manifest.FieldNames;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The field names of a producer's record type. */
record Fields(
        Field id,
        Field split,
        Field text,
        Field textPair,
        Field label,
        Field prompt,
        Field completion,
        Field choices,
        Field messages) {
    /** Where many data sets' files have a class's name beside its number. */
    private static final Field LABEL_NAME = new Field("label_name", false);

    static Fields of(FieldNames names) {
        return new Fields(
                field(names.id(), "id"),
                field(names.split(), "split"),
                field(names.text(), "text"),
                field(names.textPair(), "text_pair"),
                field(names.label(), "label"),
                field(names.prompt(), "prompt"),
                field(names.completion(), "completion"),
                field(names.choices(), "choices"),
                field(names.messages(), "messages"));
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
