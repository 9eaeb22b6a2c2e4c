package io.tessellate.engine.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.tessellate.dataset.manifest.ChatTemplate;
import io.tessellate.engine.model.config.JsonFile;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.file.TextFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The chat templates in a model's directory, by the rules of transformers: {@code chat_template.jinja} counts before
 * {@code chat_template} of {@code tokenizer_config.json}, which is one template or a list of named ones.
 */
public final class ModelChatTemplate {
    /** The files of a model's directory that are read. */
    public static final List<String> FILES =
            List.of("chat_template.jinja", "tokenizer_config.json", "special_tokens_map.json");

    private static final String USUAL = "default";
    private static final List<String> TOKENS =
            List.of("bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token");

    private ModelChatTemplate() {}

    /**
     * A model's template with its special tokens.
     *
     * @param name of one of several; empty: the only one, or the one called {@code default}
     * @throws TessellateException INVALID_ARGUMENT, naming those that are there, if there is none such
     */
    public static ChatTemplate read(Path directory, Optional<String> name) {
        Map<String, String> templates = templates(directory);
        String wanted = name.orElse(USUAL);
        String source = templates.get(wanted);
        if (source == null) {
            throw new TessellateException(
                    ErrorCode.INVALID_ARGUMENT,
                    templates.isEmpty()
                            ? "the model has no chat template: neither chat_template.jinja nor chat_template in"
                                    + " tokenizer_config.json; name a file with one"
                            : "the model has no chat template '%s'; it has %s".formatted(wanted, templates.keySet()));
        }
        return new ChatTemplate(source, tokens(directory), Map.of(), Optional.empty());
    }

    /** A template from a file with the special tokens of a model's directory. */
    public static ChatTemplate of(Path template, Path directory) {
        return new ChatTemplate(TextFile.read(template), tokens(directory), Map.of(), Optional.empty());
    }

    private static Map<String, String> templates(Path directory) {
        Map<String, String> templates = new TreeMap<>();
        JsonNode stored = file(directory, "tokenizer_config.json").path("chat_template");
        if (stored.isTextual()) {
            templates.put(USUAL, stored.asText());
        }
        stored.forEach(each -> {
            if (each.path("name").isTextual() && each.path("template").isTextual()) {
                templates.put(each.path("name").asText(), each.path("template").asText());
            }
        });
        Path own = directory.resolve("chat_template.jinja");
        if (Files.isRegularFile(own)) {
            templates.put(USUAL, TextFile.read(own));
        }
        return templates;
    }

    private static Map<String, String> tokens(Path directory) {
        Map<String, String> tokens = new TreeMap<>();
        for (String file : List.of("special_tokens_map.json", "tokenizer_config.json")) {
            JsonNode json = file(directory, file);
            for (String name : TOKENS) {
                JsonNode token = json.path(name);
                JsonNode content = token.isObject() ? token.path("content") : token;
                if (content.isTextual()) {
                    tokens.put(name, content.asText());
                }
            }
        }
        return tokens;
    }

    private static JsonNode file(Path directory, String name) {
        Path file = directory.resolve(name);
        return Files.isRegularFile(file) ? JsonFile.object(file) : MissingNode.getInstance();
    }
}
