package io.tessellate.dataset.record;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tessellate.dataset.Split;
import io.tessellate.dataset.manifest.Manifest;
import io.tessellate.error.ErrorCode;
import io.tessellate.event.TaskExample;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes records of our own type of a file's lines, by a manifest's field names. They need no field names any more, and are
 * judged as the lines are.
 */
public final class FileRecords {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Fields fields;
    private final LabelReader labels;
    private final Set<Field> needed;

    /** By a manifest's field names and labels. */
    public FileRecords(Manifest manifest) {
        this.fields = Fields.of(manifest.fields());
        this.labels = new LabelReader(manifest.objective().answer(), manifest.labels());
        this.needed = switch (manifest.objective().answer()) {
            case CLASS, VALUE -> Set.of(fields.id(), fields.split(), fields.text(), fields.textPair(), fields.label());
            case TEXT, CHOICE ->
                manifest.chatTemplate().isPresent()
                        ? Set.of(fields.id(), fields.split(), fields.messages())
                        : manifest.ofChoices()
                                ? Set.of(fields.id(), fields.split(), fields.prompt(), fields.choices(), fields.label())
                                : Set.of(fields.id(), fields.split(), fields.prompt(), fields.completion());
        };
    }

    /**
     * The record of a line; empty if a list or an object stands where a text or a number is needed, so that nothing can be sent
     * for it.
     *
     * @param split its split unless it names one itself
     */
    public Optional<TaskExample> of(Map<String, ? extends @Nullable Object> line, @Nullable Split split) {
        try {
            String own = text(line, fields.split());
            return Optional.of(TaskExample.newBuilder()
                    .setId(text(line, fields.id()))
                    .setSplit(own == null && split != null ? split.text() : own)
                    .setText(text(line, fields.text()))
                    .setTextPair(text(line, fields.textPair()))
                    .setLabel(label(line))
                    .setPrompt(text(line, fields.prompt()))
                    .setCompletion(text(line, fields.completion()))
                    .setChoices(choices(line))
                    .setMessages(messages(line))
                    .build());
        } catch (RefusedException e) {
            return Optional.empty();
        }
    }

    private @Nullable String text(Object line, Field field) throws RefusedException {
        return text(field, field.of(line));
    }

    private @Nullable String text(Field field, @Nullable Object value) throws RefusedException {
        if (value instanceof Collection || value instanceof Map) {
            require(field, value, ValueShape.Due.TEXT);
            return null;
        }
        return value == null ? null : value.toString();
    }

    private @Nullable List<String> choices(Object line) throws RefusedException {
        Object value = fields.choices().of(line);
        if (!(value instanceof Collection<?> list)) {
            if (value != null) {
                require(fields.choices(), value, ValueShape.Due.CHOICES);
            }
            return null;
        }
        List<String> choices = new ArrayList<>();
        for (Object choice : list) {
            String text = text(fields.choices(), choice);
            if (text == null) {
                require(fields.choices(), list, ValueShape.Due.CHOICES);
                return null;
            }
            choices.add(text);
        }
        return choices;
    }

    /** A list is sent as JSON; a text is taken for JSON already. Only where messages are needed. */
    private @Nullable String messages(Object line) throws RefusedException {
        Object value = needed.contains(fields.messages()) ? fields.messages().of(line) : null;
        if (value == null || value instanceof String) {
            return (String) value;
        }
        if (!(value instanceof Collection)) {
            throw fields.messages().unexpected(value, ValueShape.Due.MESSAGES);
        }
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new RefusedException(
                    ErrorCode.INVALID_FIELD,
                    "field '%s' cannot be written as JSON",
                    fields.messages().name());
        }
    }

    private void require(Field field, Object value, ValueShape.Due due) throws RefusedException {
        if (needed.contains(field)) {
            throw field.unexpected(value, due);
        }
    }

    /** A number stays a number, whole or not; one too large for that, and a truth value, are sent as what they mean. */
    private @Nullable Object label(Object line) throws RefusedException {
        Object value = fields.labelOf(line);
        if (value instanceof Boolean truth) {
            return labels.instead(truth);
        }
        return value instanceof BigInteger || !(value instanceof Number) ? text(fields.label(), value) : value;
    }
}
