package io.tessellate.pipeline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tessellate.pipeline.terminal.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every command explains itself, also one that has a version of its own. */
class HelpTest {
    @ParameterizedTest
    @ValueSource(
            strings = {"--help", "-h", "--version", "predict --help", "verify -h", "models export --help", "up -h"})
    void helpIsNoFailure(String line) {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        try (PrintStream stream = new PrintStream(said, true, StandardCharsets.UTF_8)) {
            assertThat(Tessellate.run(new Terminal(stream, stream, false), line.split(" ")))
                    .as(said.toString(StandardCharsets.UTF_8))
                    .isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "matrix m --view union --help",
                "predict m/t - --view union --help",
                "models export m --task t --out d --view union --help",
                "models export m --task t --out d --format onnx --help",
                "merge --from a/t --method ties --out d --help",
                "bench engine --size base --help",
                "alerts silence --kind dead-letters --for 1h --help"
            })
    void valuesOfAnOptionAreWrittenInSmallLetters(String line) {
        helpIsNoFailure(line);
    }
}
