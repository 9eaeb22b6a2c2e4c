package io.tessellate.engine.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;

/** The tokens that end a text, as a model's directory says. */
public final class EndTokens {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String FIELD = "eos_token_id";

    private EndTokens() {}

    /**
     * {@code eos_token_id}, one number or several, of {@code generation_config.json}, else of {@code config.json}; empty if
     * neither has it.
     */
    public static Set<Integer> of(Path directory) {
        Set<Integer> tokens = read(directory.resolve("generation_config.json"));
        return tokens.isEmpty() ? read(directory.resolve(BaseModel.CONFIG)) : tokens;
    }

    private static Set<Integer> read(Path file) {
        Set<Integer> tokens = new TreeSet<>();
        if (!Files.isRegularFile(file)) {
            return tokens;
        }
        try {
            JsonNode field = JSON.readTree(file.toFile()).path(FIELD);
            if (field.isInt()) {
                tokens.add(field.intValue());
            }
            field.forEach(id -> tokens.add(id.asInt()));
            return tokens;
        } catch (IOException e) {
            throw new TessellateException(ErrorCode.MALFORMED_FILE, file + " is no JSON", e);
        }
    }
}
