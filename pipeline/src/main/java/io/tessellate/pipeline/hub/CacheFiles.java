package io.tessellate.pipeline.hub;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Files of the cache; whatever fails there is a failure of the storage. */
final class CacheFiles {
    private CacheFiles() {}

    /** Free bytes around a path. */
    static long usableSpace(Path path) {
        try {
            return Files.getFileStore(path).getUsableSpace();
        } catch (IOException e) {
            throw failure("%s has no readable file store: %s".formatted(path, e.getMessage()), e);
        }
    }

    static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw failure("%s cannot be read: %s".formatted(file, e.getMessage()), e);
        }
    }

    static void move(Path from, Path to) {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw failure("%s cannot be moved to %s: %s".formatted(from, to, e.getMessage()), e);
        }
    }

    static TessellateException failure(String message, IOException cause) {
        return new TessellateException(ErrorCode.STORAGE, message, cause);
    }
}
