package io.tessellate.pipeline.stack;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tessellate.pipeline.broker.Ports;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
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
}
