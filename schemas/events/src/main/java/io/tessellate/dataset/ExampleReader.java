package io.tessellate.dataset;

import io.tessellate.error.ErrorCode;
import io.tessellate.event.TaskManifest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/**
 * Reads examples out of a producer's records by the rules of a manifest. The same record always gives the same outcome,
 * whoever reads it and whatever was read before.
 */
public final class ExampleReader {
    /** Longest text unless configured, in characters (UTF-16 units). */
    public static final int DEFAULT_TEXT_LIMIT = 20_000;

    /** What stands for a record's own prompt in a manifest's template. */
    static final String PROMPT = "{prompt}";

    private final Fields fields;
    private final LabelRule labels;
    private final SplitRule splits;
    private final int textLimit;
    private final String template;
    private final boolean byLikelihood;

    /** A reader by a manifest's rules with the default limit on texts. */
    public ExampleReader(TaskManifest manifest) {
        this(manifest, DEFAULT_TEXT_LIMIT);
    }

    /** A reader by a manifest's rules that refuses texts longer than a number of characters. */
    public ExampleReader(TaskManifest manifest, int textLimit) {
        this.fields = Fields.of(manifest.getFields());
        this.labels = new LabelRule(manifest);
        this.splits = new SplitRule(manifest.getEvalShare());
        this.textLimit = textLimit;
        this.byLikelihood = ManifestRules.byLikelihood(manifest);
        String given = manifest.getPromptTemplate();
        this.template = given == null ? PROMPT : given;
    }

    /** The example in a record, or why there is none. */
    public Outcome read(GenericRecord record) {
        try {
            return new Outcome.Accepted(example(record));
        } catch (RefusedException e) {
            return new Outcome.Refused(e.code(), e.reason());
        }
    }

    private Example example(GenericRecord record) throws RefusedException {
        return switch (labels.objective()) {
            case CLASSIFICATION, REGRESSION -> {
                String text = required(record, fields.text());
                String pair = pair(record);
                Label label = labels.read(fields.label(), fields.label().of(record));
                yield new Example(id(record), split(record, text, pair), text, pair, label);
            }
            case GENERATION ->
                prompted(
                        record,
                        byLikelihood ? choice(record) : new Label.Completion(required(record, fields.completion())));
            case MULTIPLE_CHOICE -> prompted(record, choice(record));
        };
    }

    private Example prompted(GenericRecord record, Label label) throws RefusedException {
        String prompt = template.replace(PROMPT, required(record, fields.prompt()));
        return new Example(id(record), split(record, prompt, null), prompt, null, label);
    }

    private Label choice(GenericRecord record) throws RefusedException {
        Object right = present(record, fields.label());
        Object offered = present(record, fields.choices());
        if (!(offered instanceof Collection<?> texts)) {
            throw fields.choices().unexpected(offered, "a list of texts");
        }
        List<String> choices = new ArrayList<>();
        for (Object text : texts) {
            choices.add(text(fields.choices(), text));
        }
        if (choices.size() < 2) {
            throw new RefusedException(
                    ErrorCode.INVALID_FIELD,
                    "field '%s' has %d choices, needed are two",
                    fields.choices().name(),
                    choices.size());
        }
        return LabelRule.choice(fields.label(), right, choices);
    }

    private static Object present(GenericRecord record, Field field) throws RefusedException {
        Object value = field.of(record);
        if (value == null) {
            throw new RefusedException(ErrorCode.MISSING_FIELD, "field '%s' is missing or null", field.name());
        }
        return value;
    }

    private String required(GenericRecord record, Field field) throws RefusedException {
        return text(field, present(record, field));
    }

    private @Nullable String pair(GenericRecord record) throws RefusedException {
        Field field = fields.textPair();
        if (field.mapped()) {
            return required(record, field);
        }
        Object value = field.of(record);
        return value == null ? null : text(field, value);
    }

    private String text(Field field, Object value) throws RefusedException {
        if (!(value instanceof CharSequence)) {
            throw field.unexpected(value, "a text");
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

    private @Nullable String id(GenericRecord record) throws RefusedException {
        Field field = fields.id();
        Object value = field.of(record);
        if (value == null) {
            return null;
        }
        if (value instanceof Integer || value instanceof Long) {
            return value.toString();
        }
        if (!Field.isName(value)) {
            throw field.unexpected(value, "a text or a whole number");
        }
        return text(field, value.toString());
    }

    private Split split(GenericRecord record, String text, @Nullable String pair) throws RefusedException {
        Field field = fields.split();
        Object value = field.of(record);
        return value == null ? splits.byContent(text, pair) : splits.byName(field, value);
    }
}
