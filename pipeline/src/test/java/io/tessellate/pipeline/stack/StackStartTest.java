package io.tessellate.pipeline.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.pipeline.broker.Ports;
import io.tessellate.runtime.config.Configuration;
import io.tessellate.runtime.config.DataDirectory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StackStartTest {
    @TempDir
    Path directory;

    @Test
    void aPortThatAnotherProgramHasIsNamedWithTheSettingToChange() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> Ports.of(directory).port("http", taken.getLocalPort()))
                    .hasMessage(
                            "port %d for http is taken by another program; choose another with --set tessellate.http.port=PORT"
                                    .formatted(taken.getLocalPort()));
        }
    }

    /** It was told as a defect of the program. */
    @Test
    void whoeverWaitsForAStackThatIsStoppedMeanwhileHearsThatItWas() {
        Stack stack = new Stack(
                StackSettings.of(
                        Configuration.load(StackSettings.mappings(), Optional.empty(), Map.of(), Map.of()),
                        new DataDirectory(directory)),
                EnumSet.allOf(Member.class),
                stage -> {});
        stack.close();
        assertThatThrownBy(() -> stack.awaitReady(Duration.ofMinutes(1)))
                .isInstanceOfSatisfying(
                        TessellateException.class,
                        stopped -> assertThat(stopped.code()).isEqualTo(ErrorCode.INTERRUPTED))
                .hasMessageContaining("the stack was stopped");
    }
}
