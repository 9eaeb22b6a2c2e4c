package io.tessellate.pipeline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tessellate.pipeline.terminal.Terminal;
import io.tessellate.runtime.config.DirectoryLock;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExperimentCommandTest {
    @TempDir
    private Path directory;

    /** Two in one folder would go on from each other's checkpoints and count runs twice. */
    @Test
    void twoExperimentsDoNotShareAFolder() throws IOException {
        Path out = Files.createDirectories(directory.resolve("out"));
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        DirectoryLock other = DirectoryLock.acquire(out, "experiment", "--out");
        try (PrintStream stream = new PrintStream(said, true, StandardCharsets.UTF_8)) {
            int code = Tessellate.run(
                    new Terminal(stream, stream, false), "experiment", "no-plan.yaml", "--out", out.toString());
            assertThat(code).isEqualTo(1);
        } finally {
            other.close();
        }
        assertThat(said.toString(StandardCharsets.UTF_8))
                .contains("DATA_DIRECTORY")
                .contains("in use by another 'tessellate experiment'")
                .contains("choose another --out");
        assertThat(out.resolve("experiment.log")).as("nothing was begun").doesNotExist();
    }
}
