package io.tessellate.pipeline.unused;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RunFoldersTest {
    private static final Instant LONG_AGO = Instant.parse("2026-01-01T00:00:00Z");
    private static final Instant SINCE = LONG_AGO.plusSeconds(1);

    @TempDir
    private Path runs;

    @Test
    void onlyRunsThatAreOverAndLeftAloneForLongAreUnused() throws IOException {
        folder("run-over", LONG_AGO);
        folder("run-open", LONG_AGO);
        folder("run-young", SINCE.plusSeconds(1));

        List<UnusedFile> unused = new RunFolders(runs).unused(SINCE, run -> !run.equals("run-open"));

        assertThat(unused)
                .containsExactly(new UnusedFile(UnusedFile.Kind.CHECKPOINTS, runs.resolve("run-over"), 5, LONG_AGO));
    }

    @Test
    void aFolderThatWasWrittenAgainStays() throws IOException {
        Path folder = folder("run-over", LONG_AGO);
        UnusedFile found = new RunFolders(runs).unused(SINCE, run -> true).get(0);
        Files.setLastModifiedTime(folder.resolve("checkpoint"), FileTime.from(SINCE));

        assertThat(RunFolders.delete(found)).isFalse();
        assertThat(folder).isDirectory();

        Files.setLastModifiedTime(folder.resolve("checkpoint"), FileTime.from(LONG_AGO));
        assertThat(RunFolders.delete(found)).isTrue();
        assertThat(folder).doesNotExist();
    }

    @Test
    void aWorkerThatNeverRanHasNone() {
        assertThat(new RunFolders(runs.resolve("none")).unused(SINCE, run -> true))
                .isEmpty();
    }

    private Path folder(String run, Instant modified) throws IOException {
        Path folder = Files.createDirectories(runs.resolve(run));
        Path file = Files.writeString(folder.resolve("checkpoint"), "12345");
        Files.setLastModifiedTime(file, FileTime.from(modified));
        Files.setLastModifiedTime(folder, FileTime.from(modified));
        return folder;
    }
}
