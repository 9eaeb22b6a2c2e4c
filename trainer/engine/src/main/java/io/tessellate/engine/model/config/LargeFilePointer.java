package io.tessellate.engine.model.config;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.StorageFailure;
import io.tessellate.error.TessellateException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** What Git LFS leaves in a file's place where a repository was cloned without its large files: a few lines of text. */
public final class LargeFilePointer {
    private static final String BEGINNING = "version https://git-lfs";

    private LargeFilePointer() {}

    static boolean is(String text) {
        return text.startsWith(BEGINNING);
    }

    /** Refuses a file that is only a pointer. */
    public static void requireNone(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            if (is(new String(in.readNBytes(BEGINNING.length()), StandardCharsets.US_ASCII))) {
                throw refused(file);
            }
        } catch (IOException e) {
            throw StorageFailure.of(file + " cannot be read", e);
        }
    }

    static TessellateException refused(Path file) {
        return new TessellateException(
                ErrorCode.MALFORMED_FILE,
                "%s is a pointer of Git LFS and not the file itself: fetch it with 'git lfs pull'".formatted(file));
    }
}
