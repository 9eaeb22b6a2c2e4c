package io.tessellate.worker;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tessellate.error.StorageFailure;
import io.tessellate.id.RunId;
import io.tessellate.id.TaskName;
import io.tessellate.runtime.config.DataDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a run keeps on disk until the registry has decided on it: how often it was begun, and its checkpoints. */
record RunDirectory(Path path) {
    private static final Logger LOG = LoggerFactory.getLogger(RunDirectory.class);
    private static final String LEFT_OUT = "left-out";

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

    /** Whether it was said that an earlier task is left out. */
    boolean hasSaid(TaskName leftOut) {
        Path file = path.resolve(LEFT_OUT);
        try {
            return Files.exists(file) && Files.readAllLines(file, UTF_8).contains(leftOut.value());
        } catch (IOException e) {
            throw StorageFailure.of("cannot read " + file, e);
        }
    }

    /** Remembers that it was. */
    void said(TaskName leftOut) {
        Path file = path.resolve(LEFT_OUT);
        try {
            Files.createDirectories(path);
            Files.writeString(file, leftOut + "\n", UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw StorageFailure.of("cannot write " + file, e);
        }
    }

    Path checkpoints() {
        return path.resolve("checkpoints");
    }

    /** Frees the space. A run that has come to its end is not begun again because that fails. */
    void delete() {
        if (!Files.exists(path)) {
            return;
        }
        try (Stream<Path> tree = Files.walk(path)) {
            List<Path> leavesFirst = tree.sorted(Comparator.reverseOrder()).toList();
            for (Path entry : leavesFirst) {
                Files.delete(entry);
            }
        } catch (IOException | UncheckedIOException e) {
            LOG.warn("{} cannot be removed and stays", path, e);
        }
    }
}
