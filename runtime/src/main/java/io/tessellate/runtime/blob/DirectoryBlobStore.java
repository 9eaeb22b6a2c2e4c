package io.tessellate.runtime.blob;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.RetriableException;
import io.tessellate.error.StorageFailure;
import io.tessellate.error.TessellateException;
import io.tessellate.id.Sha256;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;

/** A blob store in a directory: {@code ab/cdef...}, each file written aside, forced to disk, then renamed. */
public final class DirectoryBlobStore implements BlobStore {
    private static final int CHUNK = 1 << 16;

    private final Path root;

    /** A store in a directory, which is made if it is not there. */
    public DirectoryBlobStore(Path root) {
        this.root = root;
        try {
            Files.createDirectories(root.resolve("incoming"));
        } catch (IOException e) {
            throw StorageFailure.of("cannot create blob store " + root, e);
        }
    }

    @Override
    public Blob put(String name, InputStream content) {
        try {
            Path incoming = Files.createTempFile(root.resolve("incoming"), "blob", ".part");
            try {
                MessageDigest digest = Sha256.newDigest();
                long bytes = copy(content, incoming, digest);
                Sha256 address = Sha256.of(digest);
                publish(incoming, address);
                return new Blob(name, address, bytes);
            } finally {
                Files.deleteIfExists(incoming);
            }
        } catch (IOException e) {
            throw StorageFailure.of("cannot store blob '%s' in %s".formatted(name, root), e);
        } catch (UncheckedIOException e) {
            throw StorageFailure.of("cannot store blob '%s' in %s".formatted(name, root), e);
        }
    }

    @Override
    public Blob put(String name, Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return put(name, in);
        } catch (IOException e) {
            throw StorageFailure.of("cannot read " + file, e);
        }
    }

    @Override
    public Blob put(String name, byte[] content) {
        return put(name, new ByteArrayInputStream(content));
    }

    @Override
    public boolean exists(Sha256 address) {
        return Files.isRegularFile(path(address));
    }

    @Override
    public Path fetch(Sha256 address) {
        Path path = path(address);
        try {
            verify(path, address, Sha256.of(path));
            return path;
        } catch (IOException e) {
            throw unreadable(address, e);
        }
    }

    @Override
    public byte[] read(Sha256 address) {
        Path path = path(address);
        try {
            byte[] bytes = Files.readAllBytes(path);
            verify(path, address, Sha256.of(bytes));
            return bytes;
        } catch (IOException e) {
            throw unreadable(address, e);
        }
    }

    private Path path(Sha256 address) {
        return root.resolve(address.hex().substring(0, 2)).resolve(address.hex().substring(2));
    }

    private static long copy(InputStream content, Path target, MessageDigest digest) throws IOException {
        byte[] chunk = new byte[CHUNK];
        long bytes = 0;
        try (FileChannel out = FileChannel.open(target, StandardOpenOption.WRITE)) {
            for (int n = content.read(chunk); n >= 0; n = content.read(chunk)) {
                digest.update(chunk, 0, n);
                ByteBuffer buffer = ByteBuffer.wrap(chunk, 0, n);
                while (buffer.hasRemaining()) {
                    out.write(buffer);
                }
                bytes += n;
            }
            out.force(true);
        }
        return bytes;
    }

    /** A torn blob under the right name would be found by its digest: it is replaced, never trusted. */
    private void publish(Path incoming, Sha256 address) throws IOException {
        Path target = path(address);
        Files.createDirectories(target.getParent());
        Files.move(incoming, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static void verify(Path path, Sha256 address, Sha256 actual) {
        if (!actual.equals(address)) {
            throw new TessellateException(
                    ErrorCode.DIGEST_MISMATCH, "blob %s holds bytes of SHA-256 %s".formatted(path, actual));
        }
    }

    private TessellateException unreadable(Sha256 address, IOException e) {
        if (!(e instanceof NoSuchFileException)) {
            return StorageFailure.of("cannot read blob %s in %s".formatted(address, root), e);
        }
        String message = "no blob %s in %s".formatted(address, root);
        return Files.isDirectory(root)
                ? new TessellateException(ErrorCode.STORAGE, message, e)
                : new RetriableException(ErrorCode.STORAGE, message + ", which is away itself", e);
    }
}
