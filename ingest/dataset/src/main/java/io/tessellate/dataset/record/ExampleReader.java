package io.tessellate.dataset.record;

import io.tessellate.dataset.Example;
import io.tessellate.dataset.Label;
import io.tessellate.dataset.Split;
import io.tessellate.dataset.manifest.Manifest;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/**
 * Reads examples out of a producer's records, or out of the lines of a file, by the rules of a manifest. The same record always
 * gives the same outcome, whoever reads it and whatever was read before.
 */
public final class ExampleReader {
    /** Longest text unless configured, in characters (UTF-16 units). */
    public static final int DEFAULT_TEXT_LIMIT = 20_000;

    private final Fields fields;
    private final LabelReader labels;
    private final SplitAssignment splits;
    private final TextFields texts;
    private final String template;
    private final boolean byLikelihood;
    private final Optional<ConversationReader> conversations;

    /** A reader by a manifest's rules with the default limit on texts. */
    public ExampleReader(Manifest manifest) {
        this(manifest, DEFAULT_TEXT_LIMIT);
    }

    /** A reader by a manifest's rules that refuses texts longer than a number of characters. */
    public ExampleReader(Manifest manifest, int textLimit) {
        this.fields = Fields.of(manifest.fields());
        this.labels = new LabelReader(manifest.objective().answer(), manifest.labels());
        this.splits = new SplitAssignment(manifest.evalShare());
        this.texts = new TextFields(fields, textLimit);
        this.byLikelihood = manifest.byLikelihood();
        this.template = manifest.promptTemplate();
        this.conversations = manifest.chatTemplate().map(template -> new ConversationReader(template, textLimit));
    }

    /** The example in a record, or why there is none. */
    public Outcome read(GenericRecord record) {
        return read(record, null);
    }

    /**
     * The example in a file's line, or why there is none. A number or truth value is taken for the text it is written as.
     *
     * @param fields what the line holds, by name
     * @param split its split unless it names one itself; null: as with records
     */
    public Outcome read(Map<String, ? extends @Nullable Object> fields, @Nullable Split split) {
        return read((Object) fields, split);
    }

    private Outcome read(Object record, @Nullable Split split) {
        try {
            return new Outcome.Accepted(example(record, split));
        } catch (RefusedException e) {
            return new Outcome.Refused(e.code(), e.reason());
        }
    }

    private Example example(Object record, @Nullable Split split) throws RefusedException {
        return switch (labels.answer()) {
            case CLASS, VALUE -> {
                String text = texts.required(record, fields.text());
                String pair = texts.pair(record);
                Object given = fields.labelOf(record);
                Label label = labels.read(
                        fields.label(), given == null ? fields.label().present(record) : given);
                yield new Example(texts.id(record), split(record, split, text, pair), text, pair, label);
            }
            case TEXT ->
                conversations.isPresent()
                        ? conversation(conversations.get().read(fields.messages(), record), record, split)
                        : prompted(
                                record,
                                split,
                                byLikelihood
                                        ? choice(record)
                                        : new Label.Completion(texts.required(record, fields.completion())));
            case CHOICE -> prompted(record, split, choice(record));
        };
    }

    private Example prompted(Object record, @Nullable Split split, Label label) throws RefusedException {
        String prompt = template.replace(Manifest.PROMPT, texts.required(record, fields.prompt()));
        return new Example(texts.id(record), split(record, split, prompt, null), prompt, null, label);
    }

    private Example conversation(ConversationReader.Rendered rendered, Object record, @Nullable Split split)
            throws RefusedException {
        return new Example(
                texts.id(record),
                split(record, split, rendered.prompt(), null),
                rendered.prompt(),
                null,
                rendered.reply());
    }

    private Label choice(Object record) throws RefusedException {
        Object right = fields.label().present(record);
        return LabelReader.choice(fields.label(), right, texts.choices(record));
    }

    private Split split(Object record, @Nullable Split usual, String text, @Nullable String pair)
            throws RefusedException {
        Field field = fields.split();
        Object value = field.of(record);
        if (value != null) {
            return splits.byName(field, value);
        }
        return usual == null ? splits.byContent(text, pair) : usual;
    }
}
