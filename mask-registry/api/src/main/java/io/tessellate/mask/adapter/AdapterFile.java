package io.tessellate.mask.adapter;

import io.tessellate.id.Sha256;
import java.nio.file.Path;

/** Reads and writes adapter files (docs/format/adapter.md). */
public final class AdapterFile {
    private static final long MOST_HELD = 1 << 23;

    private AdapterFile() {}

    /**
     * Writes an adapter: complete under its name, or not at all. The same adapter always gives the same bytes.
     *
     * @return digest of the file's bytes
     */
    public static Sha256 write(Path file, Adapter adapter) {
        return AdapterWriter.write(file, adapter);
    }

    /**
     * Reads an adapter; MALFORMED_FILE, naming the rule, unless every rule of the format holds. The updates of a file of more
     * than {@value #MOST_HELD} bytes stay in it, so it must not go away before the adapter does.
     */
    public static Adapter read(Path file) {
        return AdapterReader.read(file, MOST_HELD);
    }

    /** The same with all updates left in the file, however small: for whoever has many adapters open at once. */
    public static Adapter open(Path file) {
        return AdapterReader.read(file, 0);
    }
}
