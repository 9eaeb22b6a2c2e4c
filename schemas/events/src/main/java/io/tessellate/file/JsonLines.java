package io.tessellate.file;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A file of JSON objects, exactly one a line; blank lines are passed over. */
public final class JsonLines {
    private JsonLines() {}

    /** Takes the objects of a file. */
    @FunctionalInterface
    public interface ObjectTaker {
        /**
         * Takes an object.
         *
         * @param line its line, from 1
         * @param fields by name, in their order: maps, lists, texts, numbers ({@link Long} where they are whole and fit),
         *     truth values and null
         */
        void take(int line, Map<String, @Nullable Object> fields);
    }

    /**
     * Every object in turn; MALFORMED_FILE at the first line that is not one object.
     *
     * @return blank lines
     */
    public static int read(Path file, ObjectTaker taker) {
        int[] blank = new int[1];
        TextFile.lines(file, (number, line) -> {
            if (line.isBlank()) {
                blank[0]++;
            } else {
                taker.take(number, JsonValues.of(object(file, number, line)));
            }
        });
        return blank[0];
    }

    private static ObjectNode object(Path file, int number, String line) {
        int first = line.strip().codePointAt(0);
        if (first == '[') {
            throw malformed(
                    file,
                    number,
                    "begins a JSON list: write each of its elements on a line of its own, without brackets");
        }
        if (first != '{') {
            throw malformed(
                    file,
                    number,
                    "begins with %s: each line must hold a JSON object".formatted(JsonFault.shown(first)));
        }
        if (line.strip().equals("{")) {
            throw malformed(file, number, "holds '{' alone: each object must stand on one line");
        }
        JsonNode value = JsonText.read(file, number, line);
        if (value instanceof ObjectNode object) {
            return object;
        }
        throw malformed(file, number, "is no JSON object");
    }

    private static TessellateException malformed(Path file, int number, String why) {
        return new TessellateException(ErrorCode.MALFORMED_FILE, "%s, line %d %s".formatted(file, number, why));
    }
}
