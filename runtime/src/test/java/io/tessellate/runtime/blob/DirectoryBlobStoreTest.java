package io.tessellate.runtime.blob;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.tessellate.error.DamagedFileException;
import io.tessellate.error.RetriableException;
import io.tessellate.id.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

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
        assertThatThrownBy(() -> blobs.fetch(blob.sha256())).isInstanceOf(DamagedFileException.class);
        blobs.put("again", "good".getBytes(UTF_8));
        assertThat(blobs.read(blob.sha256())).isEqualTo("good".getBytes(UTF_8));
    }

    @Test
    void everyFileIsListedAndRemovedUnlessItWasPutAgain() throws IOException {
        DirectoryBlobStore blobs = new DirectoryBlobStore(root);
        Blob blob = blobs.put("a", "good".getBytes(UTF_8));
        Files.writeString(root.resolve("incoming").resolve("blob1.part"), "cut of");
        Files.writeString(root.resolve("notes.txt"), "somebody's");
        List<BlobInventory.Entry> entries = blobs.entries();

        assertThat(entries)
                .extracting(BlobInventory.Entry::address, BlobInventory.Entry::bytes)
                .containsExactlyInAnyOrder(tuple(blob.sha256(), 4L), tuple(null, 6L));
        BlobInventory.Entry first = entries.stream()
                .filter(entry -> blob.sha256().equals(entry.address()))
                .findFirst()
                .orElseThrow();
        assertThat(blobs.delete(first.path(), first.modified().minusSeconds(1))).isFalse();
        assertThat(blobs.exists(blob.sha256())).isTrue();
        assertThat(blobs.delete(first.path(), first.modified())).isTrue();
        assertThat(blobs.exists(blob.sha256())).isFalse();
        assertThat(blobs.delete(first.path(), first.modified())).isFalse();
    }

    /** What happens to files on disks, by what is said of it. */
    private enum Damage {
        FLIPPED("it holds bytes of SHA-256") {
            @Override
            void to(Path file) throws IOException {
                byte[] bytes = Files.readAllBytes(file);
                bytes[bytes.length / 2] ^= 1;
                Files.write(file, bytes);
            }
        },
        CUT_OFF("it holds bytes of SHA-256") {
            @Override
            void to(Path file) throws IOException {
                Files.write(file, Arrays.copyOf(Files.readAllBytes(file), 3));
            }
        },
        GONE("it is gone") {
            @Override
            void to(Path file) throws IOException {
                Files.delete(file);
            }
        },
        A_DIRECTORY("it is a directory") {
            @Override
            void to(Path file) throws IOException {
                Files.delete(file);
                Files.createDirectory(file);
            }
        },
        A_LOOP("it cannot be read") {
            @Override
            void to(Path file) throws IOException {
                Files.delete(file);
                Files.createSymbolicLink(file, file);
            }
        };

        private final String said;

        Damage(String said) {
            this.said = said;
        }

        abstract void to(Path file) throws IOException;
    }

    @ParameterizedTest
    @EnumSource
    void damageToAFileIsNamedWithItsPathAndGoneOnceTheFileIsBack(Damage damage) throws IOException {
        BlobStore blobs = store();
        byte[] bytes = "what was stored".getBytes(UTF_8);
        Sha256 address = blobs.put("a", bytes).sha256();
        Path file = blobs.fetch(address);
        blobs.check(address);

        damage.to(file);

        for (Consumer<Sha256> reading : List.<Consumer<Sha256>>of(blobs::fetch, blobs::check, blobs::read)) {
            assertThatThrownBy(() -> reading.accept(address))
                    .isInstanceOfSatisfying(
                            DamagedFileException.class,
                            e -> assertThat(e.path()).isEqualTo(file.toString()))
                    .hasMessageContaining(damage.said);
        }
        Files.deleteIfExists(file);
        Files.write(file, bytes);
        assertThat(blobs.check(address)).isEqualTo(file);
    }

    @Test
    void aStoreThatIsAwayIsNotTheFilesFault() throws IOException {
        BlobStore blobs = store();
        Sha256 address = blobs.put("a", "x".getBytes(UTF_8)).sha256();
        Files.move(root.resolve("incoming"), root.resolve("elsewhere"));
        Files.delete(root.resolve(address.hex().substring(0, 2))
                .resolve(address.hex().substring(2)));

        assertThatThrownBy(() -> blobs.fetch(address)).isInstanceOf(RetriableException.class);
    }

    @Test
    void nothingHalfWrittenStays() throws IOException {
        store().put("a", "x".getBytes(UTF_8));
        try (var incoming = Files.list(root.resolve("incoming"))) {
            assertThat(incoming).isEmpty();
        }
    }
}
