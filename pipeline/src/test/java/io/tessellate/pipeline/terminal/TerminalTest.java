package io.tessellate.pipeline.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TerminalTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void answersAndProgressGoSeparateWays() {
        Terminal terminal = terminal(false);
        terminal.line("working");
        terminal.live("step 1 of 2");
        terminal.json(Map.of("ok", true));
        assertThat(text(out)).isEqualTo("{\"ok\":true}\n");
        assertThat(text(err)).isEqualTo("working\n");
    }

    @Test
    void onATerminalALiveLineIsWrittenOverAndLeavesNothing() {
        Terminal terminal = terminal(true);
        terminal.live("step 1 of 2");
        terminal.live("step 2 of 2");
        terminal.line("done");
        assertThat(text(err)).isEqualTo("\r\u001b[Kstep 1 of 2\r\u001b[Kstep 2 of 2\r\u001b[Kdone\n");
    }

    private Terminal terminal(boolean overwrites) {
        return new Terminal(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                overwrites);
    }

    private static String text(ByteArrayOutputStream stream) {
        return stream.toString(StandardCharsets.UTF_8);
    }
}
