package io.tessellate.pipeline.unused;

import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Something on the disk that nobody needs.
 *
 * @param path where it lies
 * @param bytes how large it is, all of a folder together
 * @param modified when it, or anything in it, was written last
 */
public record UnusedFile(Kind kind, Path path, long bytes, Instant modified) {
    /** What it is. */
    public enum Kind {
        /** A file of the blob store that no event names. */
        BLOB,
        /** A file that was on its way into the blob store when its process ended. */
        UNFINISHED,
        /** The folder of a run that is over. */
        CHECKPOINTS;

        /** As people read it. */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** As scripts read it. */
    public Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("kind", kind.text());
        json.put("path", path.toString());
        json.put("bytes", bytes);
        json.put("modified", modified.toString());
        return json;
    }
}
