package io.tessellate.runtime.blob;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tessellate.error.DamagedFileException;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.id.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What every blob store must do. */
abstract class BlobStoreContract {
    /** The store under test; every test has one that is empty at its start. */
    abstract BlobStore store();

    @Test
    void whatIsPutIsFetchedByItsDigest() throws IOException {
        byte[] bytes = new byte[200_000];
        new Random(1).nextBytes(bytes);
        Blob blob = store().put("a.bin", bytes);
        assertThat(blob).isEqualTo(new Blob("a.bin", Sha256.of(bytes), bytes.length));
        assertThat(Files.readAllBytes(store().fetch(blob.sha256()))).isEqualTo(bytes);
        assertThat(store().read(blob.sha256())).isEqualTo(bytes);
        assertThat(store().exists(blob.sha256())).isTrue();
    }

    @Test
    void theSameBytesAreStoredOnce() {
        assertThat(store().put("a", "x".getBytes(UTF_8)).sha256())
                .isEqualTo(store().put("b", "x".getBytes(UTF_8)).sha256());
    }

    @Test
    void anEmptyBlobIsABlob() {
        assertThat(store().read(store().put("empty", new byte[0]).sha256())).isEmpty();
    }

    @Test
    void aMissingBlobIsNamed() {
        Sha256 missing = Sha256.of("missing".getBytes(UTF_8));
        assertThat(store().exists(missing)).isFalse();
        assertThatThrownBy(() -> store().fetch(missing))
                .isInstanceOfSatisfying(
                        DamagedFileException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BLOB_DAMAGED))
                .hasMessageContaining(missing.hex().substring(2));
    }

    @Test
    void aStreamThatBreaksLeavesNothing() {
        InputStream breaking = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("torn");
            }
        };
        assertThatThrownBy(() -> store().put("torn", breaking)).isInstanceOf(TessellateException.class);
        assertThat(store().exists(Sha256.of(new byte[0]))).isFalse();
    }
}
