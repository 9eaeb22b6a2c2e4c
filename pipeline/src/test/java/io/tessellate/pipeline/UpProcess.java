package io.tessellate.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.tessellate.pipeline.stack.StackFile;
import io.tessellate.runtime.config.DataDirectory;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** {@code tessellate up} as a process of its own, to be killed; what it says is kept. */
record UpProcess(Process process, Path data, File said) implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofMinutes(4);

    /** Starts one and waits until it can be spoken to. */
    static UpProcess start(Path data, String... more) throws IOException {
        File said = new File(data + ".out");
        List<String> arguments = new ArrayList<>(List.of("up", "--data-dir", data.toString()));
        Collections.addAll(arguments, more);
        Process process = InstalledTessellate.command(arguments)
                .redirectErrorStream(true)
                .redirectOutput(said)
                .start();
        UpProcess up = new UpProcess(process, data, said);
        Awaitility.await()
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(300))
                .until(() -> up.serves() || !process.isAlive());
        assertThat(process.isAlive()).as(up.text()).isTrue();
        return up;
    }

    private boolean serves() {
        return StackFile.running(new DataDirectory(data))
                .filter(file -> file.pid() == process.pid())
                .isPresent();
    }

    /** The schema registry that runs as its child. */
    ProcessHandle schemaRegistry() {
        return process.children().filter(ProcessHandle::isAlive).findFirst().orElseThrow();
    }

    String text() {
        try {
            return Files.readString(said.toPath());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits for a checkpoint: training is under way. */
    void awaitTraining() {
        Awaitility.await().atMost(PATIENCE).pollInterval(Duration.ofMillis(50)).until(() -> {
            try (Stream<Path> files = Files.walk(data)) {
                return files.anyMatch(file -> file.endsWith("checkpoints/checkpoint"));
            } catch (UncheckedIOException e) {
                return false; // a file went away during the walk
            }
        });
    }

    /** kill -9. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    }

    @Override
    public void close() throws InterruptedException {
        List<ProcessHandle> children = process.children().toList();
        process.destroy();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
        children.forEach(ProcessHandle::destroyForcibly);
    }
}
