package io.tessellate.runtime.blob;

import io.tessellate.error.DamagedFileException;
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
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A blob store in a directory: {@code ab/cdef...}, each file written aside, forced to disk, then renamed. */
public final class DirectoryBlobStore implements BlobStore, BlobInventory {
    private static final int CHUNK = 1 << 16;

    private static final String INCOMING = "incoming";
    private static final Pattern ADDRESS = Pattern.compile("[0-9a-f]{64}");

    private final Path root;
    private final Map<Sha256, Stamp> verified = new ConcurrentHashMap<>();

    /** A store in a directory, which is made if it is not there. */
    public DirectoryBlobStore(Path root) {
        this.root = root;
        try {
            Files.createDirectories(root.resolve(INCOMING));
        } catch (IOException e) {
            throw StorageFailure.of("cannot create blob store " + root, e);
        }
    }

    @Override
    public Blob put(String name, InputStream content) {
        try {
            Path incoming = Files.createTempFile(root.resolve(INCOMING), "blob", ".part");
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
            Stamp before = Stamp.of(path);
            verify(path, address, Sha256.of(path));
            verified.put(address, before);
            return path;
        } catch (IOException e) {
            throw unreadable(path, e);
        }
    }

    @Override
    public Path check(Sha256 address) {
        Path path = path(address);
        try {
            return Stamp.of(path).equals(verified.get(address)) && Files.isReadable(path) ? path : fetch(address);
        } catch (IOException e) {
            throw unreadable(path, e);
        }
    }

    @Override
    public byte[] read(Sha256 address) {
        Path path = path(address);
        try {
            Stamp.of(path);
            byte[] bytes = Files.readAllBytes(path);
            verify(path, address, Sha256.of(bytes));
            return bytes;
        } catch (IOException e) {
            throw unreadable(path, e);
        }
    }

    @Override
    public List<Entry> entries() {
        List<Entry> entries = new ArrayList<>();
        try (Stream<Path> files = Files.walk(root, 2)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
                Path folder = root.relativize(file).getParent();
                String hex = folder == null ? "" : folder.toString() + file.getFileName();
                boolean incoming = folder != null && folder.toString().equals(INCOMING);
                if (incoming || ADDRESS.matcher(hex).matches()) {
                    entries.add(new Entry(
                            incoming ? null : new Sha256(hex),
                            file,
                            now.size(),
                            now.lastModifiedTime().toInstant()));
                }
            }
        } catch (IOException e) {
            throw StorageFailure.of("cannot look through blob store " + root, e);
        } catch (UncheckedIOException e) {
            throw StorageFailure.of("cannot look through blob store " + root, e);
        }
        return entries;
    }

    @Override
    public boolean delete(Path file, Instant modified) {
        try {
            return Files.exists(file)
                    && Files.getLastModifiedTime(file).toInstant().equals(modified)
                    && Files.deleteIfExists(file);
        } catch (IOException e) {
            throw StorageFailure.of("cannot remove " + file, e);
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
            throw new DamagedFileException(
                    path.toString(), "it holds bytes of SHA-256 %s, not %s".formatted(actual, address));
        }
    }

    /** Whether it is the file that is in trouble, or the store around it. */
    private TessellateException unreadable(Path path, IOException e) {
        if (!isThere()) {
            return new RetriableException(ErrorCode.STORAGE, "blob store %s is away".formatted(root), e);
        }
        if (e instanceof NoSuchFileException) {
            return new DamagedFileException(path.toString(), "it is gone", e);
        }
        if (e instanceof AccessDeniedException) {
            return new DamagedFileException(path.toString(), "access to it is denied", e);
        }
        return new DamagedFileException(path.toString(), "it cannot be read: " + e.getMessage(), e);
    }

    /** A store whose directory can be listed works: not so where a disk was taken away or no file can be opened at all. */
    private boolean isThere() {
        try (DirectoryStream<Path> inside = Files.newDirectoryStream(root.resolve(INCOMING))) {
            return inside.iterator() != null;
        } catch (IOException | DirectoryIteratorException e) {
            return false;
        }
    }

    /** What changes when somebody touches a file. */
    private record Stamp(
            long bytes, FileTime modified, @Nullable Object key) {
        static Stamp of(Path path) throws IOException {
            BasicFileAttributes now = Files.readAttributes(path, BasicFileAttributes.class);
            if (!now.isRegularFile()) {
                throw new DamagedFileException(
                        path.toString(), now.isDirectory() ? "it is a directory" : "it is no regular file");
            }
            return new Stamp(now.size(), now.lastModifiedTime(), now.fileKey());
        }
    }
}
