package io.tessellate.dataset.folder;

import com.fasterxml.jackson.databind.JsonNode;
import io.tessellate.dataset.manifest.ChatTemplate;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/** The {@code chatTemplate} of a {@code meta.json}: an object with the fields of a manifest's, or the template alone as a text. */
final class ChatTemplateField {
    private static final List<String> KNOWN = List.of("template", "tokens", "switches");

    private ChatTemplateField() {}

    /** Reads it; INVALID_MANIFEST, naming the field, for anything else. */
    static ChatTemplate read(JsonNode json) {
        if (json.isTextual()) {
            return new ChatTemplate(json.asText(), Map.of(), Map.of(), Optional.empty());
        }
        if (!json.path("template").isTextual()) {
            throw invalid(
                    "field 'chatTemplate' must be a template as a text, or an object with the text 'template'; a model's own template is asked"
                            + " for by: push --chat-template model");
        }
        json.fieldNames().forEachRemaining(name -> {
            if (!KNOWN.contains(name)) {
                throw invalid("field 'chatTemplate.%s' is unknown; known are %s".formatted(name, KNOWN));
            }
        });
        Map<String, String> tokens = new TreeMap<>();
        each(json, "tokens", (name, value) -> {
            if (!value.isTextual()) {
                throw invalid("field 'chatTemplate.tokens.%s' must be a text".formatted(name));
            }
            tokens.put(name, value.asText());
        });
        Map<String, Boolean> switches = new TreeMap<>();
        each(json, "switches", (name, value) -> {
            if (!value.isBoolean()) {
                throw invalid("field 'chatTemplate.switches.%s' must be true or false".formatted(name));
            }
            switches.put(name, value.asBoolean());
        });
        return new ChatTemplate(json.path("template").asText(), tokens, switches, Optional.empty());
    }

    private static void each(JsonNode json, String field, BiConsumer<String, JsonNode> taker) {
        JsonNode values = json.path(field);
        if (!values.isMissingNode() && !values.isObject()) {
            throw invalid("field 'chatTemplate.%s' must be an object".formatted(field));
        }
        values.properties().forEach(entry -> taker.accept(entry.getKey(), entry.getValue()));
    }

    private static TessellateException invalid(String why) {
        return new TessellateException(ErrorCode.INVALID_MANIFEST, why);
    }
}
