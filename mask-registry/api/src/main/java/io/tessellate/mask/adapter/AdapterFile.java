package io.tessellate.mask.adapter;

import io.tessellate.id.Sha256;
import java.nio.file.Path;

/** Reads and writes adapter files (docs/format/adapter.md). */
public final class AdapterFile {
    private AdapterFile() {}

    /**
     * Writes an adapter: complete under its name, or not at all. The same adapter always gives the same bytes.
     *
     * @return digest of the file's bytes
     */
    public static Sha256 write(Path file, Adapter adapter) {
        return AdapterWriter.write(file, adapter);
    }

    /** Reads an adapter; MALFORMED_FILE, naming the rule, unless every rule of the format holds. */
    public static Adapter read(Path file) {
        return AdapterReader.read(file);
    }
}
