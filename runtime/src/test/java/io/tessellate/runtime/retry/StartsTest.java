package io.tessellate.runtime.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StartsTest {
    private static final int MOST = 3;

    @TempDir
    private Path directory;

    @Test
    void whatEndsTheProcessEveryTimeIsNotBegunAgain() throws Exception {
        for (int life = 0; life < MOST; life++) {
            assertThat(processThatDies()).isEqualTo(Dying.STATUS);
        }
        assertThatThrownBy(() -> begin())
                .isInstanceOfSatisfying(
                        TessellateException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.ENDED_THE_PROCESS))
                .hasMessageContaining("run a was begun 3 times")
                .hasMessageContaining("give it more heap");
    }

    @Test
    void afterTheRefusalOneMoreStartIsAllowed() {
        for (int life = 0; life < MOST; life++) {
            begin();
        }
        assertThatThrownBy(this::begin).isInstanceOf(TessellateException.class);
        assertThatCode(this::begin).doesNotThrowAnyException();
        assertThatThrownBy(this::begin).isInstanceOf(TessellateException.class);
    }

    @Test
    void whatFailsIsStoppedOrEndsIsNotCounted() {
        for (int time = 0; time < 2 * MOST; time++) {
            assertThatThrownBy(() -> starts().call("run a", "", () -> {
                        throw new OutOfMemoryError("heap");
                    }))
                    .isInstanceOf(OutOfMemoryError.class);
        }
        assertThat(starts().<String>call("run a", "", () -> "done")).isEqualTo("done");
    }

    @Test
    void aStartThatCameFurtherForgetsThoseBefore() {
        begin();
        begin();
        starts().forget();
        begin();
        begin();
        assertThatCode(this::begin).doesNotThrowAnyException();
    }

    private void begin() {
        starts().begin("run a", "give it more heap");
    }

    private Starts starts() {
        return new Starts(directory.resolve("counts/a"), MOST);
    }

    private int processThatDies() throws IOException, InterruptedException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Dying.class.getName(),
                        starts().file().toString())
                .inheritIO()
                .start()
                .waitFor();
    }

    /** A process that its work ends without a word, as exhausted memory does. */
    static final class Dying {
        private static final int STATUS = 3;

        private Dying() {}

        public static void main(String[] arguments) {
            new Starts(Path.of(arguments[0]), MOST).call("run a", "", () -> {
                Runtime.getRuntime().halt(STATUS);
                return "";
            });
        }
    }
}
