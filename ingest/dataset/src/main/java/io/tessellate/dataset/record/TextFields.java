package io.tessellate.dataset.record;

import io.tessellate.error.ErrorCode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The parts of a record that do not depend on its label, by the rules that hold for examples and for questions alike.
 *
 * @param fields what the records call them
 * @param textLimit longest text, in characters (UTF-16 units)
 */
record TextFields(Fields fields, int textLimit) {
    /** A text that must be there. */
    String required(Object record, Field field) throws RefusedException {
        return text(record, field, field.present(record));
    }

    /** The second text; must be there where the manifest names its field. */
    @Nullable
    String pair(Object record) throws RefusedException {
        Field field = fields.textPair();
        if (field.mapped()) {
            return required(record, field);
        }
        Object value = field.of(record);
        return value == null ? null : text(record, field, value);
    }

    /** The texts that are offered, at least two. */
    List<String> choices(Object record) throws RefusedException {
        Object offered = fields.choices().present(record);
        if (!(offered instanceof Collection<?> texts)) {
            throw fields.choices().unexpected(offered, ValueShape.Due.CHOICES);
        }
        List<String> choices = new ArrayList<>();
        for (Object text : texts) {
            if (text == null) {
                throw new RefusedException(
                        ErrorCode.INVALID_FIELD,
                        "field '%s' holds null as a choice",
                        fields.choices().name());
            }
            choices.add(text(record, fields.choices(), text));
        }
        if (choices.size() < 2) {
            throw new RefusedException(
                    ErrorCode.INVALID_FIELD,
                    "field '%s' has %d choices, needed are two",
                    fields.choices().name(),
                    choices.size());
        }
        return choices;
    }

    /** The identity, if there is one. */
    @Nullable
    String id(Object record) throws RefusedException {
        Field field = fields.id();
        Object value = field.of(record);
        if (value == null) {
            return null;
        }
        if (value instanceof Integer || value instanceof Long || record instanceof Map && value instanceof Number) {
            return value.toString();
        }
        if (!Field.isName(value)) {
            throw field.unexpected(value, ValueShape.Due.ID);
        }
        return text(record, field, value.toString());
    }

    private String text(Object record, Field field, Object value) throws RefusedException {
        boolean written = record instanceof Map && (value instanceof Number || value instanceof Boolean);
        if (!(value instanceof CharSequence) && !written) {
            throw field.unexpected(value, ValueShape.Due.TEXT);
        }
        String text = value.toString();
        if (text.isBlank()) {
            throw new RefusedException(ErrorCode.INVALID_FIELD, "field '%s' is empty", field.name());
        }
        if (text.length() > textLimit) {
            throw new RefusedException(
                    ErrorCode.TEXT_TOO_LONG,
                    "field '%s' has %d characters, allowed are %d",
                    field.name(),
                    text.length(),
                    textLimit);
        }
        return text;
    }
}
