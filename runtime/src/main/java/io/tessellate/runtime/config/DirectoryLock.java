package io.tessellate.runtime.config;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** Holds a directory for one process; the system lets go of it when the process ends, however it ends. */
public final class DirectoryLock implements AutoCloseable {
    private final FileChannel channel;

    private DirectoryLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Holds the directory of a command.
     *
     * @param directory has to be there
     * @param command what works in it, as a user calls it
     * @param option by which a user gives it
     * @throws TessellateException DATA_DIRECTORY, naming the process that holds it
     */
    public static DirectoryLock acquire(Path directory, String command, String option) {
        Path file = directory.resolve("lock");
        try {
            FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (tryLock(channel) == null) {
                channel.close();
                throw new TessellateException(
                        ErrorCode.DATA_DIRECTORY,
                        "directory %s is in use by another 'tessellate %s'%s: stop that one, or choose another %s"
                                .formatted(directory, command, owner(file), option));
            }
            channel.truncate(0);
            channel.write(StandardCharsets.US_ASCII.encode(
                    Long.toString(ProcessHandle.current().pid())));
            return new DirectoryLock(channel);
        } catch (IOException e) {
            throw new TessellateException(ErrorCode.STORAGE, "cannot lock " + file, e);
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    /** Who holds it has written its process number, also while it is only starting. */
    private static String owner(Path file) {
        try {
            String process = Files.readString(file).strip();
            return process.isEmpty() ? "" : " (process %s)".formatted(process);
        } catch (IOException e) {
            return "";
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new TessellateException(ErrorCode.STORAGE, "cannot release the lock", e);
        }
    }
}
