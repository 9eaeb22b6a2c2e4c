package io.tessellate.registry.command;

import io.tessellate.error.DamagedFileException;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.RetriableException;
import io.tessellate.id.Sha256;
import io.tessellate.runtime.blob.Blob;
import io.tessellate.runtime.blob.BlobStore;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Blobs in a directory, without the care a real store takes, that can be away. */
public final class TestBlobs implements BlobStore {
    private final Path root;
    private int failures;

    public TestBlobs(Path root) {
        this.root = root;
    }

    /** Lets the next calls fail as if the store were away. */
    public void failNext(int calls) {
        failures = calls;
    }

    @Override
    public Blob put(String name, InputStream content) {
        try {
            return put(name, content.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Blob put(String name, Path file) {
        try {
            return put(name, Files.readAllBytes(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Blob put(String name, byte[] content) {
        Sha256 address = Sha256.of(content);
        try {
            Files.write(root.resolve(address.hex()), content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Blob(name, address, content.length);
    }

    /** Replaces a blob's bytes, as a bad disk would. */
    public void damage(Sha256 address) {
        try {
            Files.write(root.resolve(address.hex()), new byte[] {1, 2, 3});
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where a blob lies, whether or not the store is away. */
    public Path path(Sha256 address) {
        return root.resolve(address.hex());
    }

    /** Puts a blob's bytes back. */
    void restore(byte[] content) {
        put("restored", content);
    }

    void remove(Sha256 address) {
        try {
            Files.delete(root.resolve(address.hex()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public boolean exists(Sha256 address) {
        failIfAway();
        return Files.exists(root.resolve(address.hex()));
    }

    @Override
    public Path fetch(Sha256 address) {
        failIfAway();
        Path path = root.resolve(address.hex());
        try {
            if (!Sha256.of(path).equals(address)) {
                throw new DamagedFileException(path.toString(), "it is damaged");
            }
            return path;
        } catch (IOException e) {
            throw new DamagedFileException(path.toString(), "it is gone", e);
        }
    }

    @Override
    public byte[] read(Sha256 address) {
        try {
            return Files.readAllBytes(fetch(address));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void failIfAway() {
        if (failures > 0) {
            failures--;
            throw new RetriableException(ErrorCode.STORAGE, "the blob store is away");
        }
    }
}
