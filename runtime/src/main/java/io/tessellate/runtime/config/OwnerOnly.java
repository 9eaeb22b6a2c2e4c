package io.tessellate.runtime.config;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Files and directories that nobody but their owner reads, where the system knows owners. */
public final class OwnerOnly {
    private static final String DIRECTORY = "rwx------";
    private static final String FILE = "rw-------";

    private OwnerOnly() {}

    /** Makes a directory with those above it, or takes everybody else's rights from one that is there. */
    public static Path directory(Path directory) throws IOException {
        newDirectory(directory);
        restrict(directory, DIRECTORY);
        return directory;
    }

    /** Makes a directory with those above it; one that is there keeps its rights. */
    public static Path newDirectory(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            Path parent = directory.toAbsolutePath().getParent();
            if (parent != null) {
                Files.createDirectories(parent);
            }
            create(() -> Files.createDirectory(directory, attributes(DIRECTORY)));
        }
        return directory;
    }

    /** Makes an empty file, or takes everybody else's rights from one that is there. */
    public static Path file(Path file) throws IOException {
        if (!Files.exists(file)) {
            Path parent = file.toAbsolutePath().getParent();
            if (parent != null) {
                Files.createDirectories(parent);
            }
            create(() -> Files.createFile(file, attributes(FILE)));
        }
        restrict(file, FILE);
        return file;
    }

    private interface Creation {
        Path create() throws IOException;
    }

    /** Somebody else may be quicker; what counts is that it is there. */
    private static boolean create(Creation creation) throws IOException {
        try {
            return Files.exists(creation.create());
        } catch (FileAlreadyExistsException e) {
            return false;
        }
    }

    private static void restrict(Path path, String rights) throws IOException {
        if (knowsOwners() && Files.isWritable(path)) {
            Set<PosixFilePermission> wanted = PosixFilePermissions.fromString(rights);
            if (!Files.getPosixFilePermissions(path).equals(wanted)) {
                Files.setPosixFilePermissions(path, wanted);
            }
        }
    }

    private static FileAttribute<?>[] attributes(String rights) {
        return knowsOwners()
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(rights))}
                : new FileAttribute<?>[0];
    }

    private static boolean knowsOwners() {
        return FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    }
}
