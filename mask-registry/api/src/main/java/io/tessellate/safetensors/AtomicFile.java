package io.tessellate.safetensors;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.StorageFailure;
import io.tessellate.error.TessellateException;
import io.tessellate.id.Sha256;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.UUID;

/** Writes a file so that a crash leaves the whole of it under its name, or nothing. */
public final class AtomicFile {
    private AtomicFile() {}

    /**
     * Writes a file.
     *
     * @return digest of its bytes; STORAGE if it cannot be written
     */
    public static Sha256 write(Path file, Body body) {
        Path target = file.toAbsolutePath();
        Path directory = target.getParent();
        if (directory == null) {
            throw new TessellateException(ErrorCode.INVALID_ARGUMENT, file + " is no file that can be written");
        }
        try {
            // Not createTempFile: only its owner may read what that makes.
            Path temporary = directory.resolve("." + target.getFileName() + "." + UUID.randomUUID() + ".tmp");
            try {
                Sha256 digest = writeAndSync(temporary, body);
                Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
                sync(directory);
                return digest;
            } finally {
                Files.deleteIfExists(temporary);
            }
        } catch (IOException e) {
            throw StorageFailure.of(file + " cannot be written", e);
        }
    }

    private static Sha256 writeAndSync(Path temporary, Body body) throws IOException {
        MessageDigest digest = Sha256.newDigest();
        try (FileChannel channel =
                        FileChannel.open(temporary, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
                OutputStream out = new DigestOutputStream(new SparseOutput(channel), digest)) {
            body.writeTo(out);
            out.flush();
            channel.force(true);
        }
        return Sha256.of(digest);
    }

    private static void sync(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** What is written. */
    @FunctionalInterface
    public interface Body {
        /** Writes all of it. */
        void writeTo(OutputStream out) throws IOException;
    }
}
