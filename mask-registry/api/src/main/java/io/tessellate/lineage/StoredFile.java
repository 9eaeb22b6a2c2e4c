package io.tessellate.lineage;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.id.Sha256;

/**
 * A file in the blob store.
 *
 * @param name file name, for example {@code model.safetensors}
 * @param sha256 digest of its bytes; also its address
 * @param bytes its length
 */
public record StoredFile(String name, Sha256 sha256, long bytes) {
    public StoredFile {
        if (name.isBlank() || name.length() > 255 || name.contains("/")) {
            throw new TessellateException(
                    ErrorCode.INVALID_ARGUMENT,
                    "file name '%s' must be 1 to 255 characters without '/'".formatted(name));
        }
        if (bytes < 0) {
            throw new TessellateException(
                    ErrorCode.INVALID_ARGUMENT, "length of file %s must not be negative: %d".formatted(name, bytes));
        }
    }
}
