package io.tessellate.pipeline.unused;

import io.tessellate.id.Sha256;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What nobody needed when it was looked for.
 *
 * @param before whatever was written since then was left alone
 * @param files in the order in which they were found
 */
public record UnusedFound(Instant before, List<UnusedFile> files) {
    public UnusedFound {
        files = List.copyOf(files);
    }

    /** What they take together. */
    public long bytes() {
        return files.stream().mapToLong(UnusedFile::bytes).sum();
    }

    /** A digest of exactly these files as they are now: who gives it has seen them. */
    public Sha256 confirmation() {
        String all = files.stream()
                .map(file -> "%s %s %d %s".formatted(file.kind(), file.path(), file.bytes(), file.modified()))
                .sorted()
                .collect(Collectors.joining("\n", before + "\n", ""));
        return Sha256.of(all.getBytes(StandardCharsets.UTF_8));
    }
}
