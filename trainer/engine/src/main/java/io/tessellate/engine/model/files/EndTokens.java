package io.tessellate.engine.model.files;

import com.fasterxml.jackson.databind.JsonNode;
import io.tessellate.engine.model.config.JsonFile;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The tokens that end a text, as a model's directory says. */
public final class EndTokens {
    private static final String GENERATION = "generation_config.json";
    private static final String FIELD = "eos_token_id";
    private static final String PAD = "pad_token_id";

    private EndTokens() {}

    /**
     * {@code eos_token_id}, one number or several, of {@code generation_config.json}, else of {@code config.json}; empty if
     * neither has it.
     */
    public static Set<Integer> of(Path directory) {
        Set<Integer> tokens = read(directory.resolve(GENERATION), FIELD);
        return tokens.isEmpty() ? read(directory.resolve(BaseModel.CONFIG), FIELD) : tokens;
    }

    /** Refuses tokens that end or fill texts and have no row in the embeddings; a padding token below 0 means none. */
    static void requireWithin(Path directory, int vocabulary) {
        for (String name : List.of(GENERATION, BaseModel.CONFIG)) {
            Path file = directory.resolve(name);
            read(file, FIELD).forEach(id -> requireWithin(file, FIELD, id, 0, vocabulary));
            read(file, PAD).forEach(id -> requireWithin(file, PAD, id, Integer.MIN_VALUE, vocabulary));
        }
    }

    private static void requireWithin(Path file, String field, int id, int least, int vocabulary) {
        if (id < least || id >= vocabulary) {
            throw new TessellateException(
                    ErrorCode.UNSUPPORTED_MODEL,
                    "%s: %s %d must be one of the %d tokens that the embeddings have a row for"
                            .formatted(file, field, id, vocabulary));
        }
    }

    private static Set<Integer> read(Path file, String name) {
        Set<Integer> tokens = new TreeSet<>();
        if (Files.isRegularFile(file)) {
            JsonNode field = JsonFile.object(file).path(name);
            if (field.isArray()) {
                field.forEach(id -> tokens.add(token(file, name, id)));
            } else if (!field.isMissingNode() && !field.isNull()) {
                tokens.add(token(file, name, field));
            }
        }
        return tokens;
    }

    private static int token(Path file, String name, JsonNode id) {
        if (!id.isInt()) {
            throw new TessellateException(
                    ErrorCode.UNSUPPORTED_MODEL, "%s: %s must be the id of a token, not %s".formatted(file, name, id));
        }
        return id.intValue();
    }
}
