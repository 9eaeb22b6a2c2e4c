package io.tessellate.pipeline.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tessellate.error.TessellateException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PortsTest {
    @TempDir
    Path directory;

    @Test
    void aPortIsKeptFromOneStartToTheNext() {
        int broker = Ports.of(directory).port("broker", 0);
        int controller = Ports.of(directory).port("controller", 0);
        assertThat(controller).isNotEqualTo(broker);
        assertThat(Ports.of(directory).port("broker", 0)).isEqualTo(broker);
        assertThat(Ports.of(directory).port("controller", 0)).isEqualTo(controller);
    }

    @Test
    void aRememberedPortThatIsTakenIsReplacedAndAWantedOneIsRefused() throws IOException {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Files.writeString(directory.resolve("ports.properties"), "broker=" + other.getLocalPort());
            assertThat(Ports.of(directory).port("broker", 0)).isNotEqualTo(other.getLocalPort());
            assertThatThrownBy(() -> Ports.of(directory).port("http", other.getLocalPort()))
                    .isInstanceOf(TessellateException.class)
                    .hasMessage(
                            "port %d for http is taken by another program; choose another with --set tessellate.http.port=PORT"
                                    .formatted(other.getLocalPort()));
        }
    }

    @Test
    void nonsenseInTheFileIsAsGoodAsNothing() throws IOException {
        Files.writeString(directory.resolve("ports.properties"), "broker=many");
        assertThat(Ports.of(directory).port("broker", 0)).isPositive();
    }
}
