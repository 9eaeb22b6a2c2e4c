package io.tessellate.engine.backend.torch.installation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tessellate.error.TessellateException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TorchArchiveTest {
    private static final List<String> LIBRARIES = List.of("libgomp.so.1", "libc10.so", "libtorch_cpu.so");

    @TempDir
    Path directory;

    @Test
    void manyThatUnpackAtOnceAllGetTheSameFolder() throws Exception {
        Path archive = archive(LIBRARIES);
        Path folder = directory.resolve("unpacked");
        int count = 8;
        CyclicBarrier together = new CyclicBarrier(count);
        ExecutorService threads = Executors.newFixedThreadPool(count);
        try {
            Callable<Void> unpack = () -> {
                together.await();
                TorchArchive.unpack(archive, folder);
                return null;
            };
            for (Future<Void> done : threads.invokeAll(
                    IntStream.range(0, count).mapToObj(i -> unpack).toList())) {
                done.get();
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(names(folder)).containsExactlyInAnyOrderElementsOf(LIBRARIES);
        assertThat(names(directory)).containsExactlyInAnyOrder("archive.jar", "unpacked");
    }

    @Test
    void whoComesLateTakesWhatIsThere() throws IOException {
        Path archive = archive(LIBRARIES);
        Path folder = Files.createDirectory(directory.resolve("unpacked"));
        Files.writeString(folder.resolve("libc10.so"), "of the first");
        TorchArchive.unpack(archive, folder);
        assertThat(folder.resolve("libc10.so")).hasContent("of the first");
        assertThat(names(directory)).containsExactlyInAnyOrder("archive.jar", "unpacked");
    }

    @Test
    void whatAKilledProcessLeftIsRemovedOnceItIsOldAndNothingElseIs() throws IOException {
        Path archive = archive(LIBRARIES);
        FileTime yesterday = FileTime.from(Instant.now().minus(Duration.ofDays(1)));
        Path left = Files.createDirectory(directory.resolve("libtorch123"));
        Files.writeString(left.resolve("libc10.so"), "half");
        Files.setLastModifiedTime(left, yesterday);
        Path own = Files.createDirectory(directory.resolve("libtorch456"));
        Files.writeString(own.resolve("notes.txt"), "of a person");
        Files.setLastModifiedTime(own, yesterday);
        Files.createDirectory(directory.resolve("libtorch789"));

        TorchArchive.removeLeft(archive);

        assertThat(names(directory)).containsExactlyInAnyOrder("archive.jar", "libtorch456", "libtorch789");
    }

    @Test
    void anArchiveWithoutALibraryLeavesNothingBehind() throws IOException {
        Path archive = archive(LIBRARIES.subList(0, 2));
        assertThatThrownBy(() -> TorchArchive.unpack(archive, directory.resolve("unpacked")))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageContaining("libtorch_cpu.so");
        assertThat(names(directory)).containsExactly("archive.jar");
    }

    @Test
    void anotherArchiveIsRefusedWithBothDigests() throws IOException {
        Path archive = archive(LIBRARIES);
        assertThatThrownBy(() -> TorchArchive.unpacked(archive))
                .isInstanceOf(TessellateException.class)
                .hasMessageContaining("has SHA-256");
    }

    @Test
    void anArchiveThatCannotBeReadIsNamedWithTheReason() {
        assertThatThrownBy(() -> TorchArchive.unpacked(directory.resolve("none.jar")))
                .isInstanceOf(TessellateException.class)
                .hasMessageContainingAll("cannot unpack", "none.jar", "NoSuchFileException");
    }

    private Path archive(List<String> libraries) throws IOException {
        Path archive = directory.resolve("archive.jar");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(archive))) {
            for (String library : libraries) {
                zip.putNextEntry(new ZipEntry("org/bytedeco/pytorch/linux-x86_64/" + library));
                zip.write(library.getBytes(StandardCharsets.UTF_8));
            }
        }
        return archive;
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
