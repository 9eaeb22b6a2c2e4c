package io.tessellate.evaluator.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tessellate.error.TessellateException;
import io.tessellate.evaluator.view.OwnershipBook.Tessellation;
import io.tessellate.id.ModelName;
import io.tessellate.id.RunId;
import io.tessellate.id.Sha256;
import io.tessellate.id.TaskId;
import io.tessellate.id.TaskName;
import io.tessellate.lineage.Lineage;
import io.tessellate.lineage.log.LoggedEvent;
import io.tessellate.lineage.log.RegistryEvent;
import io.tessellate.lineage.log.StoredFile;
import io.tessellate.mask.EligibleTensor;
import io.tessellate.mask.ParameterSpace;
import io.tessellate.mask.adapter.Adapter;
import io.tessellate.mask.adapter.AdapterFile;
import io.tessellate.mask.adapter.AdapterMetadata;
import io.tessellate.mask.adapter.TensorUpdate;
import io.tessellate.mask.adapter.VersionDigest;
import io.tessellate.mask.grant.Ownership;
import io.tessellate.runtime.blob.Blob;
import io.tessellate.runtime.blob.BlobStore;
import io.tessellate.runtime.blob.DirectoryBlobStore;
import io.tessellate.safetensors.Shape;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnershipBookTest {
    private static final ModelName MODEL = new ModelName("bot");
    private static final ParameterSpace SPACE =
            new ParameterSpace(List.of(new EligibleTensor("a", 2, 4), new EligibleTensor("b", 4, 4)));

    private final Lineage lineage = new Lineage();
    private Path directory;
    private BlobStore blobs;
    private OwnershipBook book;
    private long sequence;

    @BeforeEach
    void register(@TempDir Path temporary) {
        directory = temporary;
        blobs = new DirectoryBlobStore(temporary.resolve("blobs"));
        book = new OwnershipBook(blobs);
        log(new RegistryEvent.ModelRegistered(digest("base"), List.of(), SPACE, Ownership.SHARED, 0.02));
    }

    @Test
    void everyTensorIsDividedAmongItsOwnersAndWhatIsFree() {
        commit(1, "tone", update("a", 0, 1), update("b", 5));
        commit(2, "topic", update("b", 6, 7, 8));

        book.update(lineage.require(MODEL));

        Tessellation shares = book.tessellation(MODEL).orElseThrow();
        assertThat(shares.version()).isEqualTo(2);
        assertThat(shares.tensors().get(0)).isEqualTo(new OwnershipBook.TensorShare("a", 8, List.of(2, 0), 6));
        assertThat(shares.tensors().get(1)).isEqualTo(new OwnershipBook.TensorShare("b", 16, List.of(1, 3), 12));
        assertThat(book.revision()).isEqualTo(2);
    }

    @Test
    void aWeightWithTwoOwnersIsCountedForTheFirst() {
        commit(1, "tone", update("a", 0, 1));
        commit(2, "topic", update("a", 1, 2));

        book.update(lineage.require(MODEL));

        assertThat(book.tessellation(MODEL).orElseThrow().tensors().get(0).owned())
                .containsExactly(2, 1);
    }

    /** The masks of many large models do not fit into the heap at once: what made room is read again. */
    @Test
    void aModelWhoseMaskMadeRoomForAnothersIsDividedAsBefore() {
        OwnershipBook small = new OwnershipBook(blobs, 0);
        commit(1, "tone", update("a", 0, 1));
        small.update(lineage.require(MODEL));
        ModelName other = new ModelName("other");
        Lineage others = new Lineage();
        others.apply(new LoggedEvent(
                other,
                1,
                null,
                Instant.EPOCH,
                new RegistryEvent.ModelRegistered(digest("base"), List.of(), SPACE, Ownership.SHARED, 0.02)));
        others.apply(new LoggedEvent(
                other, 2, null, Instant.EPOCH, lineage.require(MODEL).commit(1).commit()));
        small.update(others.require(other));
        commit(2, "topic", update("a", 1, 2));
        small.update(lineage.require(MODEL));

        assertThat(small.tessellation(MODEL).orElseThrow().tensors().get(0))
                .isEqualTo(new OwnershipBook.TensorShare("a", 8, List.of(2, 1), 5));
        assertThat(small.tessellation(other).orElseThrow().version()).isEqualTo(1);
    }

    @Test
    void anAdapterThatCannotBeReadIsSaidAndTriedAgainAndThoseBeforeItAreShown() {
        commit(1, "tone", update("a", 0));
        log(committed(2, "topic", new StoredFile("gone", digest("gone"), 1)));

        for (int time = 0; time < 2; time++) {
            assertThatThrownBy(() -> book.update(lineage.require(MODEL)))
                    .isInstanceOf(TessellateException.class)
                    .hasMessageContaining("gone");
        }

        assertThat(book.tessellation(MODEL).orElseThrow().version()).isEqualTo(1);
        assertThat(book.revision()).isEqualTo(1);
    }

    private static TensorUpdate update(String tensor, int... indices) {
        EligibleTensor shape = SPACE.tensor(SPACE.ordinal(tensor));
        return TensorUpdate.listed(tensor, Shape.of(shape.rows(), shape.columns()), indices, new float[indices.length]);
    }

    private void commit(int version, String task, TensorUpdate... updates) {
        Path file = directory.resolve(task);
        var metadata = new AdapterMetadata(
                digest("base"),
                VersionDigest.base(digest("base")),
                TaskId.of("bot", task),
                "lota",
                new RunId("run-" + version),
                "{}");
        AdapterFile.write(file, new Adapter(metadata, List.of(updates), List.of()));
        Blob blob = blobs.put(task, file);
        log(committed(version, task, new StoredFile(blob.name(), blob.sha256(), blob.bytes())));
    }

    private static RegistryEvent committed(int version, String task, StoredFile adapter) {
        return new RegistryEvent.AdapterCommitted(
                new TaskName(task),
                new RunId("run-" + version),
                version,
                version,
                adapter,
                "lota",
                1,
                0,
                "{}",
                digest("data"),
                List.of());
    }

    private void log(RegistryEvent event) {
        lineage.apply(new LoggedEvent(MODEL, ++sequence, null, Instant.EPOCH, event));
    }

    private static Sha256 digest(String text) {
        return Sha256.of(text.getBytes(StandardCharsets.UTF_8));
    }
}
