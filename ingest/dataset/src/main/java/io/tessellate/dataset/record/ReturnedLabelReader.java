package io.tessellate.dataset.record;

import io.tessellate.dataset.Label;
import io.tessellate.dataset.manifest.Manifest;
import io.tessellate.dataset.manifest.Quotation;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/**
 * Reads labels that come back for records a task was asked, by the rules its examples are read by: an id and a label are needed,
 * anything else may be there and is not looked at. A choice is given by its number, or by its text where the choices are there.
 */
public final class ReturnedLabelReader {
    private final Manifest manifest;
    private final Fields fields;
    private final TextFields texts;
    private final LabelReader labels;
    private final Optional<ConversationReader> conversations;

    /** A reader by a manifest's rules that refuses texts longer than a number of characters. */
    public ReturnedLabelReader(Manifest manifest, int textLimit) {
        this.manifest = manifest;
        this.fields = Fields.of(manifest.fields());
        this.texts = new TextFields(fields, textLimit);
        this.labels = new LabelReader(manifest.objective().answer(), manifest.labels());
        this.conversations = manifest.chatTemplate().map(template -> new ConversationReader(template, textLimit));
    }

    /** The label in a record; a {@link TessellateException} with code and reason if there is none. */
    public ReturnedLabel read(GenericRecord record) {
        return label(record);
    }

    /** The label in a line's fields, by name. */
    public ReturnedLabel read(Map<String, ? extends @Nullable Object> line) {
        return label(line);
    }

    private ReturnedLabel label(Object record) {
        try {
            String id = texts.id(record);
            if (id == null) {
                fields.id().present(record);
                throw new RefusedException(ErrorCode.MISSING_FIELD, "the record has no id");
            }
            if (manifest.ofChoices()) {
                return new ReturnedLabel(id, choice(record), null, null, null);
            }
            return switch (labels.answer()) {
                case CLASS -> {
                    int index = given(record).classIndex();
                    yield new ReturnedLabel(id, index, manifest.labels().get(index), null, null);
                }
                case VALUE -> new ReturnedLabel(id, null, null, given(record).value(), null);
                case TEXT -> new ReturnedLabel(id, null, null, null, text(record));
                case CHOICE -> new ReturnedLabel(id, choice(record), null, null, null);
            };
        } catch (RefusedException e) {
            throw new TessellateException(e.code(), e.reason());
        }
    }

    private Label given(Object record) throws RefusedException {
        Object given = fields.labelOf(record);
        return labels.read(fields.label(), given == null ? fields.label().present(record) : given);
    }

    private String text(Object record) throws RefusedException {
        if (conversations.isPresent() && fields.messages().of(record) != null) {
            return conversations.get().read(fields.messages(), record).reply().said();
        }
        return texts.required(record, fields.completion());
    }

    private int choice(Object record) throws RefusedException {
        Object right = fields.label().present(record);
        if (fields.choices().of(record) != null) {
            List<String> choices = texts.choices(record);
            return LabelReader.choice(fields.label(), right, choices).classIndex();
        }
        try {
            int number = Integer.parseInt(right.toString().strip());
            if (number >= 0) {
                return number;
            }
        } catch (NumberFormatException e) {
            // What is no number is refused below, by its value.
        }
        throw new RefusedException(
                ErrorCode.UNKNOWN_LABEL,
                "field '%s' holds '%s', which is no number of a choice, counted from 0; its text needs the choices beside it",
                fields.label().name(),
                Quotation.of(right));
    }
}
