package io.tessellate.worker;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tessellate.error.StorageFailure;
import io.tessellate.id.RunId;
import io.tessellate.id.TaskName;
import io.tessellate.runtime.config.DataDirectory;
import io.tessellate.runtime.retry.Starts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
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

    /**
     * Starts that may end the process without a step further. More than a row of kills meets a run with before its first new
     * step, and few enough for its model to go on soon.
     */
    static final int MOST_STARTS = 5;

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

    /** Counts how often a stage of the run ended the process. */
    Starts starts(String stage) {
        return new Starts(path.resolve("starts-" + stage), MOST_STARTS);
    }

    /** How far the run ever came in a phase, attempts before this one included; 0 if it did no step. */
    long farthest(String phase) {
        Path file = farthestOf(phase);
        try {
            byte[] step = Files.exists(file) ? Files.readAllBytes(file) : new byte[0];
            return step.length == Long.BYTES ? ByteBuffer.wrap(step).getLong() : 0;
        } catch (IOException e) {
            throw StorageFailure.of("cannot read " + file, e);
        }
    }

    /** Remembers a step; not forced to the disk, since that must outlive the process only. */
    void reached(String phase, long step) {
        Path file = farthestOf(phase);
        try {
            Files.createDirectories(path);
            Files.write(
                    file,
                    ByteBuffer.allocate(Long.BYTES).putLong(step).array(),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw StorageFailure.of("cannot write " + file, e);
        }
    }

    private Path farthestOf(String phase) {
        return path.resolve("farthest-" + phase);
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
