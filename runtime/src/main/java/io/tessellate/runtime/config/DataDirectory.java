package io.tessellate.runtime.config;

import io.tessellate.error.StorageFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The directory in which a process keeps what must survive it; made so that only its owner can look inside. */
public record DataDirectory(Path root) {
    public DataDirectory {
        root = root.toAbsolutePath().normalize();
    }

    /** A directory inside, made if it is not there. */
    public Path directory(String name) {
        Path directory = root.resolve(name);
        try {
            OwnerOnly.newDirectory(root);
            return Files.createDirectories(directory);
        } catch (IOException e) {
            throw StorageFailure.of("cannot create directory " + directory, e);
        }
    }

    /** A file inside; its directory is made if it is not there. */
    public Path file(String name) {
        directory("");
        return root.resolve(name);
    }

    @Override
    public String toString() {
        return root.toString();
    }
}
