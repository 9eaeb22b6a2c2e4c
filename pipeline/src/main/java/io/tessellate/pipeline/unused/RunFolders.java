package io.tessellate.pipeline.unused;

import io.tessellate.error.StorageFailure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Folders that a worker keeps of its runs while they train: checkpoints, and how often each was begun. */
final class RunFolders {
    private final Path runs;

    /** Those in a worker's data directory, which may have none. */
    RunFolders(Path runs) {
        this.runs = runs;
    }

    /**
     * Folders in which nothing was written since an instant, of runs that are over.
     *
     * @param over whether a run of this id has come to its end
     */
    List<UnusedFile> unused(Instant since, Predicate<String> over) {
        List<UnusedFile> unused = new ArrayList<>();
        if (!Files.isDirectory(runs)) {
            return unused;
        }
        try (Stream<Path> folders = Files.list(runs)) {
            for (Path folder : folders.filter(Files::isDirectory).sorted().toList()) {
                UnusedFile file = measured(folder);
                if (file.modified().isBefore(since)
                        && over.test(folder.getFileName().toString())) {
                    unused.add(file);
                }
            }
        } catch (IOException e) {
            throw StorageFailure.of("cannot look through " + runs, e);
        } catch (UncheckedIOException e) {
            throw StorageFailure.of("cannot look through " + runs, e);
        }
        return unused;
    }

    private static UnusedFile measured(Path folder) throws IOException {
        long bytes = 0;
        Instant newest = Files.getLastModifiedTime(folder).toInstant();
        try (Stream<Path> tree = Files.walk(folder)) {
            for (Path file : tree.toList()) {
                bytes += Files.isRegularFile(file) ? Files.size(file) : 0;
                Instant modified = Files.getLastModifiedTime(file).toInstant();
                newest = modified.isAfter(newest) ? modified : newest;
            }
        }
        return new UnusedFile(UnusedFile.Kind.CHECKPOINTS, folder, bytes, newest);
    }

    /** Removes a folder with all that is in it; false if something was written there meanwhile. */
    static boolean delete(UnusedFile folder) {
        try {
            if (!Files.isDirectory(folder.path())
                    || !measured(folder.path()).modified().equals(folder.modified())) {
                return false;
            }
            try (Stream<Path> tree = Files.walk(folder.path())) {
                for (Path entry : tree.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(entry);
                }
            }
            return true;
        } catch (IOException e) {
            throw StorageFailure.of("cannot remove " + folder.path(), e);
        } catch (UncheckedIOException e) {
            throw StorageFailure.of("cannot remove " + folder.path(), e);
        }
    }
}
