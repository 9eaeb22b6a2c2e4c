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
     * @throws io.tessellate.error.TessellateException STORAGE if it is not there or cannot be read, which is retriable
     *     where the disk or the whole store is in trouble, DIGEST_MISMATCH if
     *     its bytes are not those of its address
     */
    Path fetch(Sha256 address);

    /** The blob's verified bytes in memory, for small blobs. */
    byte[] read(Sha256 address);
}
