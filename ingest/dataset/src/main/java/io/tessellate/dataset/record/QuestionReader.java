package io.tessellate.dataset.record;

import io.tessellate.dataset.Question;
import io.tessellate.dataset.manifest.Manifest;
import io.tessellate.error.TessellateException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a task is asked out of records or out of lines of JSON, by the rules its examples are read by. A label may be there
 * and is not looked at; of a conversation that ends with the assistant's reply, that reply is left out.
 */
public final class QuestionReader {
    private final Manifest manifest;
    private final Fields fields;
    private final TextFields texts;
    private final Optional<ConversationReader> conversations;

    /** A reader by a manifest's rules that refuses texts longer than a number of characters. */
    public QuestionReader(Manifest manifest, int textLimit) {
        this.manifest = manifest;
        this.fields = Fields.of(manifest.fields());
        this.texts = new TextFields(fields, textLimit);
        this.conversations = manifest.chatTemplate().map(template -> new ConversationReader(template, textLimit));
    }

    /** The question in a record; a {@link TessellateException} with code and reason if there is none. */
    public Question read(GenericRecord record) {
        return question(record);
    }

    /** The question in a line's fields, by name. A number or truth value is taken for the text it is written as. */
    public Question read(Map<String, ? extends @Nullable Object> line) {
        return question(line);
    }

    private Question question(Object record) {
        try {
            return switch (manifest.objective().answer()) {
                case CLASS, VALUE ->
                    new Question(
                            texts.id(record),
                            texts.required(record, fields.text()),
                            texts.pair(record),
                            List.of(),
                            false);
                case TEXT -> conversations.isPresent() ? conversation(conversations.get(), record) : prompted(record);
                case CHOICE -> prompted(record);
            };
        } catch (RefusedException e) {
            throw new TessellateException(e.code(), e.reason());
        }
    }

    private Question conversation(ConversationReader reader, Object record) throws RefusedException {
        return new Question(texts.id(record), reader.asked(fields.messages(), record), null, List.of(), true);
    }

    private Question prompted(Object record) throws RefusedException {
        String prompt = manifest.promptTemplate().replace(Manifest.PROMPT, texts.required(record, fields.prompt()));
        List<String> choices = manifest.ofChoices() ? texts.choices(record) : List.of();
        return new Question(texts.id(record), prompt, null, choices, false);
    }
}
