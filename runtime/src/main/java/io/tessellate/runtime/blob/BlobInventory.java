package io.tessellate.runtime.blob;

import io.tessellate.id.Sha256;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A blob store that can be looked through, and of which somebody who knows what is needed may remove what is not. */
public interface BlobInventory {
    /**
     * A file of the store.
     *
     * @param address what it is found by; null for one that never became a blob
     * @param modified when it was put, the last time that it was
     */
    record Entry(@Nullable Sha256 address, Path path, long bytes, Instant modified) {}

    /** Every file there is. */
    List<Entry> entries();

    /** Removes a file unless it was put again since it was looked at; whether it is gone. */
    boolean delete(Path file, Instant modified);
}
