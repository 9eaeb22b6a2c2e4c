package io.tessellate.pipeline.push;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.function.Function;

/** A folder that is there while something is done in it. */
public final class TemporaryFolder {
    private TemporaryFolder() {}

    /** What is done with a new folder, which is removed afterwards; STORAGE if there can be none. */
    public static <T> T with(Function<Path, T> action) {
        try {
            Path directory = Files.createTempDirectory("tessellate-push");
            try {
                return action.apply(directory);
            } finally {
                delete(directory);
            }
        } catch (IOException e) {
            throw new TessellateException(ErrorCode.STORAGE, "no temporary directory can be used", e);
        }
    }

    private static void delete(Path directory) throws IOException {
        try (var all = Files.walk(directory)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
