package io.tessellate.engine.model.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.StorageFailure;
import io.tessellate.error.TessellateException;
import io.tessellate.file.JsonText;
import io.tessellate.file.TextFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;

/** A model's JSON files, as Hugging Face's library writes them. */
public final class JsonFile {
    private static final byte[] MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    private JsonFile() {}

    /** The object that a file holds; MALFORMED_FILE, naming the place, if it holds anything else. */
    public static ObjectNode object(Path file) {
        LargeFilePointer.requireNone(file);
        JsonNode json = JsonText.readPython(file);
        if (json instanceof ObjectNode object) {
            return object;
        }
        throw new TessellateException(
                ErrorCode.MALFORMED_FILE,
                "%s holds a JSON %s where an object is due"
                        .formatted(file, json.getNodeType().name().toLowerCase(Locale.ROOT)));
    }

    /** A file's text without its byte order mark. */
    public static String text(Path file) {
        return TextFile.read(file);
    }

    /** Whether a file begins with a byte order mark in UTF-8. */
    public static boolean isMarked(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return Arrays.equals(in.readNBytes(MARK.length), MARK);
        } catch (IOException e) {
            throw StorageFailure.of(file + " cannot be read", e);
        }
    }
}
