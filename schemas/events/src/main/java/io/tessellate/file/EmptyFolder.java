package io.tessellate.file;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.Stream;

/** A folder that is to be filled by one writer alone. */
public final class EmptyFolder {
    private EmptyFolder() {}

    /**
     * Makes the folder if it is absent and writes its first file. Of two writers at once one begins; the other is refused as it would have
     * been a moment later.
     *
     * @param purpose what the folder is for, as the message ends
     * @throws TessellateException INVALID_ARGUMENT if there is something in it, STORAGE if it cannot be written
     */
    public static void begin(Path folder, String purpose, String file, String text) {
        try {
            Files.createDirectories(folder);
            try (Stream<Path> entries = Files.list(folder)) {
                if (entries.findAny().isPresent()) {
                    throw refused(folder, purpose);
                }
            }
            Files.writeString(folder.resolve(file), text, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        } catch (FileAlreadyExistsException e) {
            throw refused(folder, purpose);
        } catch (IOException e) {
            throw new TessellateException(ErrorCode.STORAGE, folder + " cannot be written: " + e.getMessage(), e);
        }
    }

    private static TessellateException refused(Path folder, String purpose) {
        return new TessellateException(
                ErrorCode.INVALID_ARGUMENT, "%s must be an empty folder, or none, %s".formatted(folder, purpose));
    }
}
