package io.tessellate.runtime.blob;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryBlobStoreTest extends BlobStoreContract {
    @TempDir
    Path root;

    @Override
    BlobStore store() {
        return new DirectoryBlobStore(root);
    }

    @Test
    void bytesThatChangedOnDiskAreRefused() throws IOException {
        BlobStore blobs = store();
        Blob blob = blobs.put("a", "good".getBytes(UTF_8));
        Files.writeString(blobs.fetch(blob.sha256()), "evil");
        assertThatThrownBy(() -> blobs.fetch(blob.sha256()))
                .isInstanceOfSatisfying(
                        TessellateException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DIGEST_MISMATCH));
        blobs.put("again", "good".getBytes(UTF_8));
        assertThat(blobs.read(blob.sha256())).isEqualTo("good".getBytes(UTF_8));
    }

    @Test
    void nothingHalfWrittenStays() throws IOException {
        store().put("a", "x".getBytes(UTF_8));
        try (var incoming = Files.list(root.resolve("incoming"))) {
            assertThat(incoming).isEmpty();
        }
    }
}
