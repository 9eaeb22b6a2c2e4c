package io.tessellate.file;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * JSON that somebody wrote. Exactly one value, no field twice in an object, no number that is none, no half of a surrogate
 * pair: else MALFORMED_FILE with line, column and what is wrong there.
 */
public final class JsonText {
    private static final JsonMapper STRICT = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    private static final JsonMapper PYTHON = JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private static final String TOO_LONG = "this cannot be read as JSON: a name, a text or a number may be too long";

    private JsonText() {}

    /** The value in a file. */
    public static JsonNode read(Path file) {
        return read(file, 1, TextFile.read(file));
    }

    /**
     * The value in a text.
     *
     * @param file where it stands, for messages
     * @param line of the file that it begins at
     */
    public static JsonNode read(Path file, int line, String text) {
        JsonNode value = parse(STRICT, file, line, text);
        JsonValues.fault(value).ifPresent(fault -> {
            throw new TessellateException(ErrorCode.MALFORMED_FILE, "%s, line %d: %s".formatted(file, line, fault));
        });
        return value;
    }

    /** A file that Python's json module wrote, as that reads it: NaN and Infinity are numbers, of equal names the last counts. */
    public static JsonNode readPython(Path file) {
        return parse(PYTHON, file, 1, TextFile.read(file));
    }

    /** What is wrong with a text that a parser refused as JSON. */
    public static String fault(String text) {
        return JsonFault.in(text).map(JsonFault::what).orElse(TOO_LONG);
    }

    private static JsonNode parse(JsonMapper mapper, Path file, int line, String text) {
        try {
            JsonNode value = mapper.readTree(text);
            if (value.isMissingNode()) {
                throw malformed(file, line, text, new JsonFault(text.length(), "it holds nothing"));
            }
            return value;
        } catch (JsonProcessingException e) {
            Optional<JsonFault> fault = JsonFault.in(text);
            throw malformed(file, line, text, fault.orElseGet(() -> located(e)));
        }
    }

    /** What only the parser objects to, such as a number of a thousand digits. */
    private static JsonFault located(JsonProcessingException e) {
        long at = e.getLocation() == null ? 0 : Math.max(0, e.getLocation().getCharOffset());
        return new JsonFault((int) at, TOO_LONG);
    }

    private static TessellateException malformed(Path file, int firstLine, String text, JsonFault fault) {
        int line = firstLine;
        int start = 0;
        for (int i = 0; i < Math.min(fault.at(), text.length()); i++) {
            if (text.charAt(i) == '\n' || text.charAt(i) == '\r' && !text.startsWith("\n", i + 1)) {
                line++;
                start = i + 1;
            }
        }
        int column = text.codePointCount(start, Math.min(fault.at(), text.length())) + 1;
        return new TessellateException(
                ErrorCode.MALFORMED_FILE, "%s, line %d, column %d: %s".formatted(file, line, column, fault.what()));
    }
}
