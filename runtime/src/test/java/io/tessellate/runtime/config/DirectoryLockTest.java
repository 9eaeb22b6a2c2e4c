package io.tessellate.runtime.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryLockTest {
    @TempDir
    private Path directory;

    @Test
    void aDirectoryThatAnotherHoldsIsNamedWithItsProcess() {
        DirectoryLock first = DirectoryLock.acquire(directory, "up", "--data-dir");
        try {
            assertThat(directory.resolve("lock"))
                    .content()
                    .isEqualTo(Long.toString(ProcessHandle.current().pid()));
            assertThatExceptionOfType(TessellateException.class)
                    .isThrownBy(() -> DirectoryLock.acquire(directory, "up", "--data-dir"))
                    .withMessage(
                            "directory %s is in use by another 'tessellate up' (process %d): stop that one, or choose another --data-dir",
                            directory, ProcessHandle.current().pid())
                    .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.DATA_DIRECTORY));
        } finally {
            first.close();
        }
        DirectoryLock.acquire(directory, "up", "--data-dir").close();
    }
}
