package io.tessellate.lineage.log;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.id.FileName;
import io.tessellate.id.Sha256;

/**
 * A file in the blob store.
 *
 * @param name file name, for example {@code model.safetensors}: one segment of a path, see {@link FileName}
 * @param sha256 digest of its bytes; also its address
 * @param bytes its length
 */
public record StoredFile(String name, Sha256 sha256, long bytes) {
    public StoredFile {
        new FileName(name);
        if (bytes < 0) {
            throw new TessellateException(
                    ErrorCode.INVALID_ARGUMENT, "length of file %s must not be negative: %d".formatted(name, bytes));
        }
    }
}
