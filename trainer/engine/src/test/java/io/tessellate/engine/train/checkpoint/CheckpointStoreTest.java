package io.tessellate.engine.train.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tessellate.engine.recipe.Phase;
import io.tessellate.engine.values.FloatBlocks;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.id.Sha256;
import io.tessellate.mask.EligibleTensor;
import io.tessellate.mask.Mask;
import io.tessellate.mask.ParameterSpace;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointStoreTest {
    private static final ParameterSpace SPACE =
            new ParameterSpace(List.of(new EligibleTensor("a", 3, 5), new EligibleTensor("b", 2, 2)));
    private static final Sha256 JOB = Sha256.of(new byte[] {1});
    private static final Checkpoint CHECKPOINT = new Checkpoint(
            JOB,
            Phase.TRAIN,
            2,
            17,
            new Checkpoint.Past(
                    List.of(Mask.builder(SPACE).add(0, 3).add(0, 14).add(1, 0).build(), Mask.none(SPACE)),
                    FloatBlocks.of(new float[] {0.5f, -3}, new float[] {2})),
            new LossMeter.State(0.5, 1.25, 3),
            new EarlyStop.State(0.25, 2, FloatBlocks.of(new float[] {7, 8, 9})),
            FloatBlocks.of(new float[] {1, -0.0f, Float.MIN_VALUE}, new float[0]),
            List.of(new float[] {1, 2, 3}, new float[] {4, 5, 6}));

    @TempDir
    private Path directory;

    @Test
    void whatWasSavedIsLoaded() {
        CheckpointStore store = new CheckpointStore(directory.resolve("deep/er"));
        store.save(CHECKPOINT, SPACE);
        assertThat(store.load(JOB, SPACE)).get().usingRecursiveComparison().isEqualTo(CHECKPOINT);
    }

    @Test
    void onlyTheNewestIsKept() throws IOException {
        CheckpointStore store = new CheckpointStore(directory);
        store.save(
                new Checkpoint(
                        JOB,
                        Phase.CALIBRATE,
                        0,
                        1,
                        Checkpoint.Past.none(),
                        LossMeter.State.start(),
                        EarlyStop.State.start(),
                        FloatBlocks.none(),
                        List.of()),
                SPACE);
        store.save(CHECKPOINT, SPACE);
        assertThat(store.load(JOB, SPACE)).map(Checkpoint::step).contains(17L);
        try (var files = Files.list(directory)) {
            assertThat(files).hasSize(1);
        }
    }

    @Test
    void aCheckpointOfAnotherJobIsNotUsed() {
        CheckpointStore store = new CheckpointStore(directory);
        store.save(CHECKPOINT, SPACE);
        assertThat(store.load(Sha256.of(new byte[] {2}), SPACE)).isEmpty();
    }

    @Test
    void aDamagedCheckpointIsNotUsed() throws IOException {
        CheckpointStore store = new CheckpointStore(directory);
        store.save(CHECKPOINT, SPACE);
        Path file = directory.resolve("checkpoint");
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.write(file, bytes);
        assertThat(store.load(JOB, SPACE)).isEmpty();
    }

    @Test
    void everyFlippedBitAndEveryCutIsRefusedByName() throws IOException {
        CheckpointCodec codec = new CheckpointCodec(SPACE);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        codec.encode(CHECKPOINT, out);
        byte[] bytes = out.toByteArray();
        for (int i = 0; i < bytes.length; i++) {
            byte[] flipped = bytes.clone();
            flipped[i] ^= (byte) (1 << i % 8);
            assertRefused(codec, flipped);
            assertRefused(codec, Arrays.copyOf(bytes, i));
        }
    }

    private void assertRefused(CheckpointCodec codec, byte[] bytes) throws IOException {
        Path file = Files.write(directory.resolve("damaged"), bytes);
        assertThatExceptionOfType(TessellateException.class)
                .isThrownBy(() -> codec.decode(file))
                .withMessageStartingWith("checkpoint ")
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.MALFORMED_FILE));
    }

    @Test
    void deletingForgetsIt() {
        CheckpointStore store = new CheckpointStore(directory);
        store.save(CHECKPOINT, SPACE);
        store.delete();
        store.delete();
        assertThat(store.exists()).isFalse();
        assertThat(store.load(JOB, SPACE)).isEmpty();
    }
}
