package io.tessellate.mask.adapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tessellate.error.DamagedFileException;
import io.tessellate.id.Sha256;
import io.tessellate.mask.EligibleTensor;
import io.tessellate.mask.Mask;
import io.tessellate.mask.ParameterSpace;
import io.tessellate.mask.RandomMask;
import io.tessellate.safetensors.DType;
import io.tessellate.safetensors.SafetensorsFile;
import io.tessellate.safetensors.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class AdapterFileTest {
    @TempDir
    private Path directory;

    @Test
    void anAdapterIsReadAsItWasWritten() throws IOException {
        Path file = directory.resolve("adapter.safetensors");
        Adapter adapter = Adapters.mixed(1);

        Sha256 digest = AdapterFile.write(file, adapter);

        assertThat(digest).isEqualTo(Sha256.of(file));
        Adapter read = AdapterFile.read(file);
        assertThat(read).isEqualTo(adapter);
        assertThat(read.update("layer.0.seeded").orElseThrow().indices())
                .isEqualTo(adapter.update("layer.0.seeded").orElseThrow().indices());
    }

    @Test
    void anAdapterWithFactorsIsReadAsItWasWrittenAndIsVersionTwo() {
        Path file = directory.resolve("factored");
        Adapter adapter = Adapters.factored(1);
        AdapterFile.write(file, adapter);
        assertThat(AdapterFile.read(file)).isEqualTo(adapter);
        try (SafetensorsFile tensors = SafetensorsFile.open(file)) {
            assertThat(tensors.metadata()).containsEntry("formatVersion", "2");
            assertThat(tensors.info("factor/q.A").shape()).isEqualTo(Shape.of(3, 10));
            assertThat(tensors.info("factor/q.B").shape()).isEqualTo(Shape.of(8, 3));
        }
    }

    static Stream<Adapter> kinds() {
        return Stream.of(Adapters.mixed(1), Adapters.factored(1), Adapters.shared(1));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void theUnitsOfAHeadsValuesAreReadToTheLastDigitAndMakeItVersionThree(Adapter adapter) {
        Path file = directory.resolve("units");
        Adapter given = Adapters.in(adapter);
        AdapterFile.write(file, given);
        assertThat(AdapterFile.read(file)).isEqualTo(given);
        try (SafetensorsFile tensors = SafetensorsFile.open(file)) {
            assertThat(tensors.metadata())
                    .containsEntry("formatVersion", "3")
                    .containsEntry("units", "{\"mean\":0.33333333333333331,\"deviation\":3.3333333333333334E-8}");
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void whatIsLeftInTheFileIsTheSameAdapter(Adapter adapter) {
        Path file = directory.resolve("open");
        Sha256 digest = AdapterFile.write(file, adapter);

        Adapter open = AdapterFile.open(file);

        assertThat(open).isEqualTo(adapter).hasSameHashCodeAs(adapter);
        assertThat(open.entries()).isEqualTo(adapter.entries());
        for (TensorUpdate update : adapter.updates()) {
            TensorUpdate left = open.update(update.name()).orElseThrow();
            assertThat(left.indices()).isEqualTo(update.indices());
            assertThat(left.values()).isEqualTo(update.values());
            assertThat(left.values()).as("an array of the caller's own").isNotSameAs(left.values());
        }
        assertThat(AdapterFile.write(directory.resolve("again"), open)).isEqualTo(digest);
    }

    /** A file may be damaged after it was looked through: what it says then is nobody's adapter. */
    @Test
    void whatIsLeftInAFileThatChangesAfterwardsIsRefused() throws IOException {
        Path file = directory.resolve("open");
        AdapterFile.write(file, Adapters.mixed(1));
        Adapter open = AdapterFile.open(file);
        byte[] bytes = Files.readAllBytes(file);
        try (SafetensorsFile tensors = SafetensorsFile.open(file)) {
            bytes[(int) tensors.region("values/layer.0.listed").position()] ^= 1;
            bytes[(int) tensors.region("index/layer.0.listed").position()] ^= 1;
        }
        Files.delete(file);
        TensorUpdate update = open.update("layer.0.listed").orElseThrow();
        assertThatThrownBy(update::values)
                .isInstanceOf(DamagedFileException.class)
                .hasMessageContaining("it is gone");
        Files.write(file, bytes);

        assertThatThrownBy(update::values)
                .isInstanceOf(DamagedFileException.class)
                .hasMessageContaining("checksum of tensor 'values/layer.0.listed' must be");
        assertThatThrownBy(update::indices)
                .isInstanceOf(DamagedFileException.class)
                .hasMessageContaining("checksum of tensor 'index/layer.0.listed' must be");
        Files.write(file, Arrays.copyOf(bytes, bytes.length / 2));
        assertThatThrownBy(update::indices)
                .isInstanceOf(DamagedFileException.class)
                .hasMessageContaining("it ends within tensor 'index/layer.0.listed'");
    }

    @Test
    void anUpdateOfAMaskIsTheSameAsOneOfItsList() {
        ParameterSpace space = new ParameterSpace(List.of(new EligibleTensor("w", 40, 50)));
        Mask mask = RandomMask.of(Mask.all(space), 300, new SplittableRandom(3));
        float[] values = Adapters.values(new SplittableRandom(4), 300);
        assertThat(TensorUpdate.of(mask, 0, values))
                .isEqualTo(TensorUpdate.listed("w", Shape.of(40, 50), mask.indices(0), values));
    }

    @ParameterizedTest
    @ValueSource(longs = {10, 11, 12, 13, 14})
    void randomAdaptersOfManyTensorsSurvive(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<TensorUpdate> updates = new ArrayList<>();
        for (int n = 0; n < 20; n++) {
            double density = Math.max(0.01, random.nextDouble() * random.nextDouble());
            updates.add(Adapters.listed("t" + n, 10 + random.nextInt(50), 10 + random.nextInt(50), density, random));
        }
        Adapter adapter = new Adapter(Adapters.METADATA, updates, List.of());
        Path file = directory.resolve("a");
        AdapterFile.write(file, adapter);
        assertThat(AdapterFile.read(file)).isEqualTo(adapter);
    }

    @Test
    void theSameAdapterGivesTheSameBytesInWhateverOrderItWasBuilt() {
        Adapter adapter = Adapters.mixed(2);
        List<TensorUpdate> updates = new ArrayList<>(adapter.updates());
        List<HeadTensor> head = new ArrayList<>(adapter.head());
        Collections.reverse(updates);
        Collections.reverse(head);
        Adapter reversed = new Adapter(adapter.metadata(), updates, head);

        assertThat(AdapterFile.write(directory.resolve("a"), adapter))
                .isEqualTo(AdapterFile.write(directory.resolve("b"), reversed))
                .isEqualTo(AdapterFile.write(directory.resolve("c"), AdapterFile.read(directory.resolve("a"))))
                .isNotEqualTo(AdapterFile.write(directory.resolve("d"), Adapters.mixed(3)));
    }

    @Test
    void theBytesOfAnAdapterNeverChange() {
        Adapter adapter = new Adapter(
                Adapters.METADATA,
                List.of(TensorUpdate.listed("w", Shape.of(4, 8), new int[] {3, 17, 31}, new float[] {0.1f, -2, 3})),
                List.of(new HeadTensor("bias", Shape.of(2), new float[] {1, 2})));
        // If this fails, the format changed: readers and writers of other versions no longer agree.
        assertThat(AdapterFile.write(directory.resolve("a"), adapter).hex())
                .isEqualTo("15daf6ff8121e5cf71bc4cd7b1ac9a4f645ad282a07306052166b96edcd1e8c4");
    }

    @Test
    void theBytesOfAnAdapterWithFactorsNeverChange() {
        assertThat(AdapterFile.write(directory.resolve("a"), Adapters.factored(2))
                        .hex())
                .isEqualTo("9233e17e0ade0a5fea55b45affa5033c0e1b17e06dbdde614663a91e89ae81bd");
    }

    @Test
    void onlyASharedLiftNeedsTheSecondVersionOfTheFormat() {
        Path file = directory.resolve("a");
        Adapter adapter = Adapters.shared(1);
        Sha256 digest = AdapterFile.write(file, adapter);
        Adapter read = AdapterFile.read(file);
        assertThat(read).isEqualTo(adapter);
        assertThat(read.update("query").orElseThrow().indices())
                .isEqualTo(read.update("value").orElseThrow().indices());
        assertThat(version(file)).isEqualTo("2");
        // If this fails, the format changed.
        assertThat(digest.hex()).isEqualTo("2ee945b0477d7efd6be6f599e276ff9611736f1e1dfc5da20133acc2afc8a476");

        AdapterFile.write(file, Adapters.mixed(1));
        assertThat(version(file)).isEqualTo("1");
    }

    private static String version(Path file) {
        try (SafetensorsFile tensors = SafetensorsFile.open(file)) {
            return tensors.metadata().get("formatVersion");
        }
    }

    @Test
    void onlyValuesThatAreBrainFloatsAreStoredAsSuch() {
        Path file = directory.resolve("a");
        AdapterFile.write(file, Adapters.mixed(4));
        try (SafetensorsFile tensors = SafetensorsFile.open(file)) {
            assertThat(tensors.info("values/brain").dtype()).isEqualTo(DType.BF16);
            assertThat(tensors.info("values/brain").shape()).isEqualTo(Shape.of(2, 1, 2));
            assertThat(tensors.info("values/layer.0.norm").dtype()).isEqualTo(DType.F32);
            assertThat(tensors.info("values/layer.0.listed").shape()).isEqualTo(Shape.of(320));
            assertThat(tensors.info("head/bias").dtype()).isEqualTo(DType.F32);
            assertThat(tensors.contains("index/layer.0.seeded")).isFalse();
        }
    }

    @Test
    void aTensorOfATenthTakesFourPointEightBitsPerIndexInTheFile() {
        Path file = directory.resolve("a");
        TensorUpdate update = Adapters.listed("w", 1000, 1000, 0.1, new SplittableRandom(5));
        AdapterFile.write(file, new Adapter(Adapters.METADATA, List.of(update), List.of()));
        try (SafetensorsFile tensors = SafetensorsFile.open(file)) {
            assertThat(8.0 * tensors.info("index/w").byteLength() / update.count())
                    .isBetween(4.69, 4.79);
        }
    }
}
