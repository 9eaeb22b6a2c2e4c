package io.tessellate.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmptyFolderTest {
    private static final int WRITERS = 8;

    private final ExecutorService writers = Executors.newFixedThreadPool(WRITERS);

    @TempDir
    private Path directory;

    @AfterEach
    void stop() {
        writers.shutdownNow();
    }

    @Test
    void anAbsentFolderIsMadeWithTheFoldersAboveIt() {
        Path folder = directory.resolve("a/b");
        EmptyFolder.begin(folder, "to export to", "config.json", "{}");
        assertThat(folder.resolve("config.json")).hasContent("{}");
    }

    @Test
    void whatIsThereIsNeitherMixedWithNorReplaced() throws IOException {
        Files.writeString(directory.resolve("mine.txt"), "kept");
        assertThatThrownBy(() -> EmptyFolder.begin(directory, "to export to", "config.json", "{}"))
                .isInstanceOfSatisfying(
                        TessellateException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT))
                .hasMessageContaining(directory + " must be an empty folder, or none, to export to");
        assertThat(directory.resolve("config.json")).doesNotExist();
    }

    @Test
    void aFileInItsPlaceIsNamed() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "kept");
        assertThatThrownBy(() -> EmptyFolder.begin(file, "to export to", "config.json", "{}"))
                .hasMessageContaining(file.toString());
        assertThat(file).hasContent("kept");
    }

    @Test
    void ofManyWritersAtOnceOneBegins() throws Exception {
        for (int round = 0; round < 50; round++) {
            Path folder = directory.resolve("round-" + round);
            List<Callable<Optional<ErrorCode>>> all = IntStream.range(0, WRITERS)
                    .mapToObj(n -> (Callable<Optional<ErrorCode>>) () -> refusal(folder, "writer " + n))
                    .toList();
            List<ErrorCode> refusals = new ArrayList<>();
            for (Future<Optional<ErrorCode>> one : writers.invokeAll(all)) {
                one.get().ifPresent(refusals::add);
            }
            assertThat(refusals).as("round %d", round).hasSize(WRITERS - 1).containsOnly(ErrorCode.INVALID_ARGUMENT);
            assertThat(Files.readString(folder.resolve("config.json"))).startsWith("writer ");
        }
    }

    private static Optional<ErrorCode> refusal(Path folder, String text) {
        try {
            EmptyFolder.begin(folder, "to export to", "config.json", text);
            return Optional.empty();
        } catch (TessellateException e) {
            return Optional.of(e.code());
        }
    }
}
