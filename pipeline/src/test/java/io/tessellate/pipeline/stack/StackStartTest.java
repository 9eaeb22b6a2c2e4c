package io.tessellate.pipeline.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.pipeline.broker.Ports;
import io.tessellate.runtime.config.DataDirectory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StackStartTest {
    @TempDir
    Path directory;

    @Test
    void aDirectoryThatAnotherUpHoldsIsNamedWithItsProcess() {
        DataDirectory data = new DataDirectory(directory);
        try (DirectoryLock lock = DirectoryLock.acquire(data)) {
            assertThat(lock).isNotNull();
            assertThatThrownBy(() -> DirectoryLock.acquire(data))
                    .isInstanceOfSatisfying(
                            TessellateException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DATA_DIRECTORY))
                    .hasMessageContaining("in use by another 'tessellate up' (process %d)"
                            .formatted(ProcessHandle.current().pid()))
                    .hasMessageContaining("another --data-dir");
        }
        DirectoryLock.acquire(data).close();
    }

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
