package io.tessellate.runtime.blob;

import io.tessellate.id.Sha256;
import java.io.InputStream;
import java.nio.file.Path;

/**
 * Files addressed by the SHA-256 of their bytes. What was put is whole or not there at all, never changes, and is
 * checked against its address when it is fetched.
 */
public interface BlobStore {
    /** Stores what the stream yields to its end; storing the same bytes again changes nothing. Does not close the stream. */
    Blob put(String name, InputStream content);

    /** Stores a file's bytes. */
    Blob put(String name, Path file);

    /** Stores an array. */
    Blob put(String name, byte[] content);

    /** Whether a blob is there. */
    boolean exists(Sha256 address);

    /**
     * A local, read-only file with the blob's verified bytes.
     *
     * @throws io.tessellate.error.DamagedFileException if it is not there, cannot be read or holds other bytes than those of its
     *     address
     * @throws io.tessellate.error.RetriableException if the whole store is away or the disk is in trouble
     */
    Path fetch(Sha256 address);

    /**
     * Fails like {@link #fetch} if the blob is not sound. Where a store can tell that nobody has touched a blob since it was read
     * last, it need not read it again.
     */
    default Path check(Sha256 address) {
        return fetch(address);
    }

    /** The blob's verified bytes in memory, for small blobs. */
    byte[] read(Sha256 address);
}
