package io.tessellate.engine.model;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.StorageFailure;
import io.tessellate.error.TessellateException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** A model's JSON files. A byte order mark is skipped; what cannot be read is named with its place. */
public final class JsonFile {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    private static final String MARK = "\uFEFF";

    private JsonFile() {}

    /** The object that a file holds; MALFORMED_FILE if it holds anything else. */
    public static ObjectNode object(Path file) {
        JsonNode json = parse(file);
        if (json instanceof ObjectNode object) {
            return object;
        }
        throw malformed(
                file,
                "holds a JSON %s where an object is due"
                        .formatted(json.getNodeType().name().toLowerCase(Locale.ROOT)));
    }

    private static JsonNode parse(Path file) {
        String text = text(file);
        if (text.isBlank()) {
            throw malformed(file, "is empty");
        }
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            JsonLocation place = e.getLocation();
            throw new TessellateException(
                    ErrorCode.MALFORMED_FILE,
                    place == null
                            ? "%s is not JSON".formatted(file)
                            : "%s is not JSON: it breaks off at line %d, column %d"
                                    .formatted(file, place.getLineNr(), place.getColumnNr()),
                    e);
        }
    }

    /** A file's text without its byte order mark; MALFORMED_FILE if it is not UTF-8. */
    public static String text(Path file) {
        byte[] bytes = bytes(file);
        if (begins(bytes, 0x1f, 0x8b)) {
            throw malformed(file, "is compressed with gzip: unpack it first");
        }
        if (begins(bytes, 0xff, 0xfe) || begins(bytes, 0xfe, 0xff)) {
            throw malformed(file, "is UTF-16 where UTF-8 is due");
        }
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            if (LargeFilePointer.is(text)) {
                throw LargeFilePointer.refused(file);
            }
            return text.startsWith(MARK) ? text.substring(MARK.length()) : text;
        } catch (CharacterCodingException e) {
            throw new TessellateException(
                    ErrorCode.MALFORMED_FILE, "%s is not UTF-8, as JSON has to be".formatted(file), e);
        }
    }

    /** Whether a file begins with a byte order mark in UTF-8. */
    public static boolean isMarked(Path file) {
        byte[] bytes = bytes(file);
        return begins(bytes, 0xef, 0xbb) && bytes.length > 2 && (bytes[2] & 0xff) == 0xbf;
    }

    private static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw StorageFailure.of(file + " cannot be read", e);
        }
    }

    private static boolean begins(byte[] bytes, int first, int second) {
        return bytes.length > 1 && (bytes[0] & 0xff) == first && (bytes[1] & 0xff) == second;
    }

    private static TessellateException malformed(Path file, String problem) {
        return new TessellateException(ErrorCode.MALFORMED_FILE, "%s %s".formatted(file, problem));
    }
}
