package io.tessellate.error;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import org.junit.jupiter.api.Test;

class StorageFailureTest {
    @Test
    void aFullDiskCanPass() {
        TessellateException full = StorageFailure.of(
                "blob 'a' cannot be stored", new FileSystemException("a", null, "No space left on device"));

        assertThat(full).isInstanceOf(RetriableException.class).hasMessageContaining("No space left");
        assertThat(StorageFailure.of("x", new IOException("Input/output error")))
                .isInstanceOf(RetriableException.class);
    }

    @Test
    void aFileThatIsNotThereOrMayNotBeReadCannot() {
        for (IOException cause :
                List.of(new NoSuchFileException("a"), new AccessDeniedException("a"), new MalformedInputException(1))) {
            assertThat(StorageFailure.of("x", cause)).isNotInstanceOf(RetriableException.class);
        }
        assertThat(StorageFailure.of("x", new NoSuchFileException("a"))).hasMessage("x: it does not exist");
    }
}
