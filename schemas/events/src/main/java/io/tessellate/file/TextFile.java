package io.tessellate.file;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * A text that somebody wrote: UTF-8, with or without a byte order mark. What is something else is named as that with
 * MALFORMED_FILE, and a byte that is none of UTF-8 by its line and place.
 */
public final class TextFile {
    private static final int CHUNK = 1 << 16;
    private static final int LONGEST_LINE = 1 << 26;
    private static final char MARK = '\uFEFF';
    private static final int ASCII = 0x80;
    private static final int FIRST_LETTER = 0xA0;

    private TextFile() {}

    /** Takes the lines of a file. */
    @FunctionalInterface
    public interface LineTaker {
        /** Takes a line; the first has number 1. */
        void take(int number, String line);
    }

    /** The whole text; INVALID_ARGUMENT if there is no such file. */
    public static String read(Path file) {
        try {
            byte[] bytes = Files.readAllBytes(file);
            requireText(file, Arrays.copyOf(bytes, Math.min(bytes.length, FileKind.HEAD)));
            return unmarked(decode(file, 1, bytes));
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    /** Every line in turn, whichever of the three usual ends it has; the last may have none. */
    public static void lines(Path file, LineTaker taker) {
        try (InputStream in = Files.newInputStream(file)) {
            new Splitter(file, taker).split(in);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    /** Cuts bytes into lines as they come. */
    private static final class Splitter {
        private final Path file;
        private final LineTaker taker;
        private final ByteArrayOutputStream line = new ByteArrayOutputStream();
        private int number = 1;
        private boolean carriageReturn;

        Splitter(Path file, LineTaker taker) {
            this.file = file;
            this.taker = taker;
        }

        void split(InputStream in) throws IOException {
            byte[] chunk = in.readNBytes(CHUNK);
            requireText(file, Arrays.copyOf(chunk, Math.min(chunk.length, FileKind.HEAD)));
            while (chunk.length > 0) {
                take(chunk);
                chunk = in.readNBytes(CHUNK);
            }
            if (line.size() > 0) {
                end();
            }
        }

        private void take(byte[] chunk) {
            int from = 0;
            for (int i = 0; i < chunk.length; i++) {
                byte b = chunk[i];
                if (b == '\n' && carriageReturn) {
                    from = i + 1;
                } else if (b == '\n' || b == '\r') {
                    line.write(chunk, from, i - from);
                    from = i + 1;
                    end();
                }
                carriageReturn = b == '\r';
            }
            line.write(chunk, from, chunk.length - from);
            if (line.size() > LONGEST_LINE) {
                throw malformed("%s, line %d is longer than %d million bytes: are there line ends?"
                        .formatted(file, number, LONGEST_LINE / 1_000_000));
            }
        }

        private void end() {
            taker.take(number, unmarked(decode(file, number, line.toByteArray())));
            number++;
            line.reset();
        }
    }

    private static void requireText(Path file, byte[] head) {
        FileKind.of(head).ifPresent(kind -> {
            throw malformed("%s is %s".formatted(file, kind));
        });
    }

    private static String unmarked(String text) {
        return !text.isEmpty() && text.charAt(0) == MARK ? text.substring(1) : text;
    }

    private static String decode(Path file, int firstLine, byte[] bytes) {
        CharsetDecoder decoder = UTF_8.newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length);
        CoderResult result = decoder.decode(in, out, true);
        if (result.isError()) {
            throw notUtf8(file, firstLine, bytes, in.position());
        }
        return out.flip().toString();
    }

    private static TessellateException notUtf8(Path file, int firstLine, byte[] bytes, int at) {
        int line = firstLine;
        int lineStart = 0;
        for (int i = 0; i < at; i++) {
            if (bytes[i] == '\n' || bytes[i] == '\r' && bytes[i + 1] != '\n') {
                line++;
                lineStart = i + 1;
            }
        }
        return malformed("%s, line %d, byte %d (0x%02X) is not UTF-8%s"
                .formatted(file, line, at - lineStart + 1, bytes[at], likely(bytes, at)));
    }

    /** One byte of its own among ASCII is a letter of an eight-bit encoding; anything else may be many things. */
    private static String likely(byte[] bytes, int at) {
        boolean alone = at + 1 == bytes.length || bytes[at + 1] >= 0;
        if (!alone) {
            return ": convert the file to UTF-8";
        }
        boolean letter = (bytes[at] & 0xFF) >= FIRST_LETTER || (bytes[at] & 0xFF) < ASCII;
        return "; the file looks like %s: convert it, for example by iconv -f WINDOWS-1252 -t UTF-8"
                .formatted(letter ? "Latin-1 or Windows-1252" : "Windows-1252");
    }

    private static TessellateException unreadable(Path file, IOException e) {
        if (e instanceof NoSuchFileException) {
            return new TessellateException(ErrorCode.INVALID_ARGUMENT, "there is no file " + file, e);
        }
        if (e instanceof AccessDeniedException) {
            return new TessellateException(
                    ErrorCode.INVALID_ARGUMENT, "this user has no right to read %s".formatted(file), e);
        }
        if (Files.isDirectory(file)) {
            return new TessellateException(ErrorCode.INVALID_ARGUMENT, file + " is no file of text", e);
        }
        return new TessellateException(ErrorCode.STORAGE, file + " cannot be read", e);
    }

    private static TessellateException malformed(String message) {
        return new TessellateException(ErrorCode.MALFORMED_FILE, message);
    }
}
