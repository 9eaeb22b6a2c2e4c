package io.tessellate.engine.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tessellate.engine.model.config.JsonFile;
import io.tessellate.engine.model.files.BaseModel;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Holds a model's tokenizer against its embeddings: every id that a text can become needs a row there. Asked once, when a
 * model is brought in.
 */
public final class TokenizerCheck {
    private final Path file;
    private final int rows;
    private final Map<Integer, String> beyond = new TreeMap<>();

    private TokenizerCheck(Path file, int rows) {
        this.file = file;
        this.rows = rows;
    }

    /**
     * Refuses a tokenizer that cannot be read or does not fit.
     *
     * @throws TessellateException MALFORMED_FILE if it is none, UNSUPPORTED_MODEL, naming the first token, if one has an id
     *     beyond the embeddings
     */
    public static void run(BaseModel base) {
        new TokenizerCheck(base.tokenizerFile(), base.config().vocabulary()).run();
        Tokenizer.load(base.tokenizerFile(), base.config().maxPositions()).close();
    }

    private void run() {
        ObjectNode tokenizer = JsonFile.object(file);
        if (JsonFile.isMarked(file)) {
            throw new TessellateException(
                    ErrorCode.MALFORMED_FILE,
                    "%s begins with a byte order mark, which tokenizers must not: save it without".formatted(file));
        }
        if (!tokenizer.path("model").isObject()) {
            throw new TessellateException(
                    ErrorCode.MALFORMED_FILE, "%s holds no 'model' and so no tokenizer".formatted(file));
        }
        unknown(tokenizer.path("model"));
        vocabulary(tokenizer.path("model").path("vocab"));
        tokenizer
                .path("added_tokens")
                .forEach(token -> see(token.path("id"), token.path("content").asText()));
        templates(tokenizer.path("post_processor"));
        if (!beyond.isEmpty()) {
            Map.Entry<Integer, String> first = beyond.entrySet().iterator().next();
            throw new TessellateException(
                    ErrorCode.UNSUPPORTED_MODEL,
                    "%s: token '%s' has id %d, but the embeddings have rows for ids 0 to %d only%s"
                            .formatted(file, printable(first.getValue()), first.getKey(), rows - 1, more()));
        }
    }

    /**
     * Without a token for what is not known, reading fails at the first text that holds such a thing. Byte pairs leave it out, as
     * transformers does; over bytes nothing is unknown.
     */
    private void unknown(JsonNode model) {
        String kind = model.path("type").asText();
        JsonNode token = model.path("unk_token");
        JsonNode vocabulary = model.path("vocab");
        boolean words = List.of("WordPiece", "WordLevel").contains(kind);
        if (words && !vocabulary.has(token.asText())) {
            throw unsupported("unk_token '%s' is no token of its vocabulary".formatted(printable(token.asText())));
        }
        JsonNode id = model.path("unk_id");
        boolean within = id.isInt() && id.intValue() >= 0 && id.intValue() < vocabulary.size();
        if (kind.equals("Unigram") && !within && !model.path("byte_fallback").asBoolean()) {
            throw unsupported("unk_id %s is the place of no token of its vocabulary"
                    .formatted(id.isMissingNode() ? "is missing and so" : id));
        }
    }

    private TessellateException unsupported(String why) {
        return new TessellateException(
                ErrorCode.UNSUPPORTED_MODEL, "%s: %s: texts with anything else could not be read".formatted(file, why));
    }

    private String more() {
        return beyond.size() == 1 ? "" : "; %d more tokens are beyond them".formatted(beyond.size() - 1);
    }

    /** From token to id, or a list of tokens with their scores, whose ids are their places. */
    private void vocabulary(JsonNode vocabulary) {
        if (vocabulary.isObject()) {
            vocabulary.properties().forEach(entry -> see(entry.getValue(), entry.getKey()));
        }
        for (int id = rows; vocabulary.isArray() && id < vocabulary.size(); id++) {
            beyond.put(id, vocabulary.get(id).path(0).asText());
        }
    }

    /** The tokens that are put around a text: {@code special_tokens} of a template, or {@code sep} and {@code cls}. */
    private void templates(JsonNode processor) {
        processor
                .path("special_tokens")
                .forEach(special -> special.path("ids")
                        .forEach(id -> see(id, special.path("id").asText())));
        for (String field : new String[] {"sep", "cls"}) {
            see(processor.path(field).path(1), processor.path(field).path(0).asText());
        }
        processor.path("processors").forEach(this::templates);
    }

    private void see(JsonNode id, String token) {
        if (id.isIntegralNumber() && (id.longValue() < 0 || id.longValue() >= rows)) {
            beyond.putIfAbsent((int) Math.min(id.longValue(), Integer.MAX_VALUE), token);
        }
    }

    private static String printable(String token) {
        StringBuilder text = new StringBuilder();
        token.codePoints()
                .forEach(point -> text.append(
                        Character.isISOControl(point)
                                ? String.format(Locale.ROOT, "\\u%04x", point)
                                : Character.toString(point)));
        return text.toString();
    }
}
