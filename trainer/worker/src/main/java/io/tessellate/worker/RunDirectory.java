package io.tessellate.worker;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tessellate.error.StorageFailure;
import io.tessellate.id.RunId;
import io.tessellate.runtime.config.DataDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** What a run keeps on disk until the registry has decided on it: how often it was begun, and its checkpoints. */
record RunDirectory(Path path) {
    static RunDirectory of(DataDirectory data, RunId run) {
        return new RunDirectory(data.directory("runs").resolve(run.value()));
    }

    /** Counts this attempt; 1 for the first. */
    int beginAttempt() {
        Path file = path.resolve("attempts");
        try {
            Files.createDirectories(checkpoints());
            int attempt = Files.exists(file) ? Files.readAllLines(file, UTF_8).size() + 1 : 1;
            Files.writeString(
                    file,
                    "attempt %d%n".formatted(attempt),
                    UTF_8,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
            return attempt;
        } catch (IOException e) {
            throw StorageFailure.of("cannot write " + file, e);
        }
    }

    Path checkpoints() {
        return path.resolve("checkpoints");
    }

    void delete() {
        if (!Files.exists(path)) {
            return;
        }
        try (Stream<Path> tree = Files.walk(path)) {
            List<Path> leavesFirst = tree.sorted(Comparator.reverseOrder()).toList();
            for (Path entry : leavesFirst) {
                Files.delete(entry);
            }
        } catch (IOException e) {
            throw StorageFailure.of("cannot remove " + path, e);
        }
    }
}
