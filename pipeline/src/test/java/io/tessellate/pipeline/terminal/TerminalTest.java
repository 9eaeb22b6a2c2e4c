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

    @Test
    void textOutOfDataMovesNoCursorAndForgesNoLine() {
        Terminal terminal = terminal(false);
        String evil = "a\u001b[2Jb\r\u202ec\ntessellate: all is well";
        terminal.line("failed: " + evil);
        terminal.text(evil + "\n");
        terminal.json(Map.of("text", "\u202e\u009b\n"));
        assertThat(text(err)).isEqualTo("failed: a\\u001b[2Jb\\u000d\\u202ec\n  tessellate: all is well\n");
        assertThat(text(out))
                .isEqualTo("a\\u001b[2Jb\\u000d\\u202ec\ntessellate: all is well\n"
                        + "{\"text\":\"\\u202e\\u009b\\n\"}\n");
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
