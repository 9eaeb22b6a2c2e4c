package io.tessellate.pipeline.push;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tessellate.dataset.Split;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.event.TaskExample;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads a file of JSON objects, one a line, as records. What the fields hold is ingest's to judge. */
final class JsonLines {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private JsonLines() {}

    /** The file's records; those without a split of their own get this one. */
    static List<TaskExample> read(Path file, @Nullable Split split) {
        List<TaskExample> records = new ArrayList<>();
        try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            int number = 1;
            for (String line = lines.readLine(); line != null; line = lines.readLine(), number++) {
                if (!line.isBlank()) {
                    records.add(record(line, split, file, number));
                }
            }
        } catch (IOException e) {
            throw new TessellateException(ErrorCode.STORAGE, "cannot read %s: %s".formatted(file, e.getMessage()), e);
        }
        return records;
    }

    private static TaskExample record(String line, @Nullable Split split, Path file, int number) {
        try {
            JsonNode node = JSON.readTree(line);
            if (!node.isObject()) {
                throw malformed(file, number, "is no JSON object", null);
            }
            String own = text(node, "split");
            return TaskExample.newBuilder()
                    .setId(text(node, "id"))
                    .setSplit(own == null && split != null ? split.text() : own)
                    .setText(text(node, "text"))
                    .setTextPair(text(node, "text_pair"))
                    .setLabel(label(node))
                    .setPrompt(text(node, "prompt"))
                    .setCompletion(text(node, "completion"))
                    .setChoices(choices(node))
                    .build();
        } catch (JsonProcessingException e) {
            throw malformed(file, number, "is not JSON: " + e.getOriginalMessage(), e);
        }
    }

    private static @Nullable String text(JsonNode node, String field) {
        JsonNode value = node.get(field);
        return value == null || value.isNull() ? null : value.asText();
    }

    private static @Nullable List<String> choices(JsonNode node) {
        if (!node.path("choices").isArray()) {
            return null;
        }
        List<String> choices = new ArrayList<>();
        node.path("choices").forEach(choice -> choices.add(choice.asText()));
        return choices;
    }

    /** A number stays a number: whole ones are class numbers, others values. */
    private static @Nullable Object label(JsonNode node) {
        JsonNode label = node.get("label");
        if (label == null || label.isNull()) {
            return text(node, "label_name");
        }
        if (label.isIntegralNumber()) {
            return label.longValue();
        }
        return label.isNumber() ? (Object) label.doubleValue() : label.asText();
    }

    private static TessellateException malformed(Path file, int number, String why, @Nullable Throwable cause) {
        return new TessellateException(ErrorCode.MALFORMED_FILE, "%s, line %d %s".formatted(file, number, why), cause);
    }
}
