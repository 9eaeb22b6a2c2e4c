package io.tessellate.runtime.blob;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.id.Sha256;

/**
 * A stored file.
 *
 * @param name what it was called when it was put; no part of its address
 * @param sha256 digest of its bytes, and its address
 * @param bytes its length
 */
public record Blob(String name, Sha256 sha256, long bytes) {
    public Blob {
        if (bytes < 0) {
            throw new TessellateException(
                    ErrorCode.INVALID_ARGUMENT, "blob %s must not have %d bytes".formatted(name, bytes));
        }
    }
}
