package io.tessellate.mask.adapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.tessellate.id.RunId;
import io.tessellate.id.TaskId;
import io.tessellate.lineage.log.CertifiedTask;
import io.tessellate.lineage.log.StoredFile;
import io.tessellate.lineage.verify.VersionVerifier;
import io.tessellate.mask.Apportionment;
import io.tessellate.mask.EligibleTensor;
import io.tessellate.mask.Mask;
import io.tessellate.mask.ParameterSpace;
import io.tessellate.mask.RandomMask;
import io.tessellate.mask.TopK;
import io.tessellate.mask.expander.QuasiCyclicLift;
import io.tessellate.mask.merge.MergeRecipe;
import io.tessellate.mask.merge.MergedAdapters;
import io.tessellate.mask.merge.Ties;
import io.tessellate.mask.peft.PeftBase;
import io.tessellate.mask.peft.PeftClass;
import io.tessellate.mask.peft.ShiraExport;
import io.tessellate.safetensors.SafetensorsFile;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A model of more than 2^31 eligible weights, through everything that is done with masks and adapters. Its tasks touch few of
 * them, and its files are mostly holes, so it takes little of memory and disk. What goes through every weight is measured by
 * {@link LargeMaskMeasurement}.
 */
class LargeModelTest {
    private static final int SIDE = 8192;
    private static final int TENSORS = 33;
    private static final ParameterSpace SPACE = new ParameterSpace(IntStream.range(0, TENSORS)
            .mapToObj(n -> new EligibleTensor("layers.%02d.weight".formatted(n), SIDE, SIDE))
            .toList());
    private static final int CLASSES = 2000;
    private static final long ROOM = 8L << 30;

    @TempDir
    private Path directory;

    /** Holes take no room where the file system knows them; where it does not, this is what the test would write. */
    @BeforeEach
    void requireRoom() throws IOException {
        long free = Files.getFileStore(directory).getUsableSpace();
        assumeThat(free)
                .as("NOT RUN: a model of more than 2^31 weights wants %,d bytes on the disk of %s", ROOM, directory)
                .isGreaterThan(ROOM);
    }

    @Test
    void allAndNoneAreCountedBeyondThirtyTwoBits() {
        assertThat(SPACE.size()).isEqualTo(33L << 26).isGreaterThan(1L << 31);
        Mask all = Mask.all(SPACE);
        Mask some = Mask.builder(SPACE).addAll("layers.07.weight").add(32, 5).build();
        assertThat(all.cardinality()).isEqualTo(SPACE.size());
        assertThat(all.minus(some).cardinality()).isEqualTo((32L << 26) - 1);
        assertThat(all.intersectionSize(all)).isEqualTo(SPACE.size());
        assertThat(some.isSubsetOf(all)).isTrue();
        assertThat(all.complement()).isEqualTo(Mask.none(SPACE));
        assertThat(SPACE.locate((1L << 31) + 3)).isEqualTo(new ParameterSpace.Location(32, 3));
        assertThat(Apportionment.of(SPACE.size() / 2, all, all)).containsOnly(1 << 25);
    }

    /** The slow, obvious form: all candidates in one list, sorted. */
    @Test
    void theHighestOfCandidatesInAllTensorsAreThoseOfASortedList() {
        Mask candidates = rows(17);
        List<ParameterSpace.Location> sorted = new ArrayList<>();
        for (int t = 0; t < TENSORS; t++) {
            int tensor = t;
            candidates.forEach(t, index -> sorted.add(new ParameterSpace.Location(tensor, index)));
        }
        sorted.sort(Comparator.comparing((ParameterSpace.Location weight) -> -score(weight.tensor(), weight.index())));
        int k = sorted.size() / 3;
        Mask.Builder expected = Mask.builder(SPACE);
        sorted.subList(0, k).forEach(weight -> expected.add(weight.tensor(), weight.index()));

        assertThat(TopK.global(candidates, k, LargeModelTest::score)).isEqualTo(expected.build());
        Mask random = RandomMask.of(candidates, k, new SplittableRandom(1));
        assertThat(random.cardinality()).isEqualTo(k);
        assertThat(random.isSubsetOf(candidates)).isTrue();
        assertThatThrownBy(() -> TopK.global(candidates, 1L << 31, LargeModelTest::score))
                .hasMessageContaining("2147483648 weights are wanted but only");
    }

    private static float score(int tensor, int index) {
        long mixed = (tensor * 31L + index) * 0x9E3779B97F4A7C15L;
        return (mixed >>> 44) / 16f;
    }

    /** One row of every tensor. */
    private static Mask rows(int row) {
        Mask.Builder mask = Mask.builder(SPACE);
        for (int t = 0; t < TENSORS; t++) {
            for (int column = 0; column < SIDE; column++) {
                mask.add(t, row * SIDE + column);
            }
        }
        return mask.build();
    }

    @Test
    void threeTasksAreWrittenReadCertifiedMergedAndExported() throws IOException {
        QuasiCyclicLift lift = new QuasiCyclicLift(SPACE, CLASSES, 7);
        Mask listed = rows(3).minus(lift.mask(0)).minus(lift.mask(1));
        List<Path> files = List.of(
                write("first", seeded(lift, 0, 1)), write("second", seeded(lift, 1, 2)), write("third", of(listed, 3)));
        List<Adapter> adapters = files.stream().map(AdapterFile::open).toList();

        assertThat(adapters.get(0).mask(SPACE)).isEqualTo(lift.mask(0));
        assertThat(adapters.get(2).mask(SPACE)).isEqualTo(listed);
        assertThat(lift.intersects(0, listed)).isFalse();
        assertThat(lift.intersects(1, adapters.get(1).mask(SPACE))).isTrue();
        certified(files, adapters);
        try (SafetensorsFile base = base()) {
            merged(adapters, base);
            exported(adapters, base);
        }
    }

    private void certified(List<Path> files, List<Adapter> adapters) {
        List<StoredFile> stored = files.stream()
                .map(file -> new StoredFile(file.getFileName().toString(), Adapters.BASE, 1))
                .toList();
        VersionVerifier verifier = new VersionVerifier(file -> AdapterFile.open(directory.resolve(file.name())));
        List<CertifiedTask> certificate = verifier.certify(stored.subList(0, 2), adapters.get(2));
        for (int n = 0; n < 3; n++) {
            assertThat(certificate.get(n).owned()).isEqualTo(adapters.get(n).entries());
            assertThat(certificate.get(n).sha256()).isEqualTo(Certificate.of(adapters.get(n)));
        }
    }

    private void merged(List<Adapter> adapters, SafetensorsFile base) {
        WeightSource source = (tensor, indices) -> base.info(tensor).elements() > 0 ? new float[indices.length] : null;
        MergeRecipe.Method union = MergeRecipe.Method.UNION;
        MergedAdapters merged = MergedAdapters.of(adapters, source, MergeRecipe.of(union, null, null, null));
        assertThat(merged.interference().shared()).isZero();
        assertThat(merged.size())
                .isEqualTo(adapters.stream().mapToLong(Adapter::entries).sum());
        TensorUpdate last = merged.update("layers.32.weight").orElseThrow();
        float[] values = new float[SIDE * SIDE];
        adapters.forEach(adapter -> adapter.update(last.name()).orElseThrow().assignTo(values, 0));
        float[] assigned = new float[SIDE * SIDE];
        last.assignTo(assigned, 0);
        assertThat(Arrays.equals(assigned, values)).isTrue();

        MergedAdapters trimmed = MergedAdapters.of(
                adapters, source, MergeRecipe.of(MergeRecipe.Method.TIES, null, 1e-4, Ties.Trim.WHOLE));
        assertThat(trimmed.tasks().get(2).entries()).isGreaterThan((long) (1e-4 * SPACE.size()));
        assertThat(trimmed.update("layers.32.weight").orElseThrow().count()).isPositive();
    }

    private void exported(List<Adapter> adapters, SafetensorsFile base) {
        WeightSource source = (tensor, indices) -> {
            ByteBuffer found = ByteBuffer.allocate(Float.BYTES);
            base.read(tensor, indices[indices.length - 1], 1, found.asFloatBuffer());
            assertThat(found.getFloat()).isZero();
            return new float[indices.length];
        };
        Path export = directory.resolve("shira");
        new ShiraExport(PeftClass.bare("", false)).write(export, adapters, source, PeftBase.of("base"));
        try (SafetensorsFile written = SafetensorsFile.open(export.resolve("adapter_model.safetensors"))) {
            String weights = "base_model.model.layers.32.shira_weight";
            assertThat(written.tensors()).hasSize(2 * TENSORS);
            assertThat(written.info(weights).elements() % (2 * SIDE)).isZero();
            assertThat(written.read(weights)).contains(values(3, SIDE)[5]);
        }
    }

    private Path write(String name, Adapter adapter) {
        Path file = directory.resolve(name);
        AdapterFile.write(file, adapter);
        return file;
    }

    private static Adapter seeded(QuasiCyclicLift lift, int liftClass, int seed) {
        List<TensorUpdate> updates = IntStream.range(0, TENSORS)
                .mapToObj(t -> TensorUpdate.seeded(
                        lift.tensor(t), liftClass, values(seed, lift.tensor(t).cells(liftClass))))
                .toList();
        return new Adapter(metadata(seed), updates, List.of());
    }

    private static Adapter of(Mask mask, int seed) {
        List<TensorUpdate> updates = IntStream.range(0, TENSORS)
                .mapToObj(t -> TensorUpdate.of(mask, t, values(seed, mask.cardinality(t))))
                .toList();
        return new Adapter(metadata(seed), updates, List.of());
    }

    private static AdapterMetadata metadata(int task) {
        return new AdapterMetadata(
                Adapters.BASE,
                VersionDigest.base(Adapters.BASE),
                TaskId.of("large", "task-" + task),
                "lota",
                new RunId("run-" + task),
                "{}");
    }

    private static float[] values(int seed, int count) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] values = new float[count];
        for (int n = 0; n < count; n++) {
            values[n] = (float) random.nextDouble(0.5, 1.5);
        }
        return values;
    }

    /** The model's weights, 4.4 GB of zeros in 16 bits: a header and a hole. */
    private SafetensorsFile base() throws IOException {
        StringBuilder header = new StringBuilder("{");
        long tensor = 2L * SIDE * SIDE;
        for (int t = 0; t < TENSORS; t++) {
            header.append("%s\"%s\":{\"dtype\":\"BF16\",\"shape\":[%d,%d],\"data_offsets\":[%d,%d]}"
                    .formatted(t == 0 ? "" : ",", SPACE.tensor(t).name(), SIDE, SIDE, t * tensor, (t + 1) * tensor));
        }
        return SafetensorsFile.open(hole("base", header + "}", TENSORS * tensor, new byte[0]));
    }

    /** A safetensors file whose data are zeros that take no room on the disk, up to its last bytes. */
    private Path hole(String name, String header, long dataLength, byte[] last) throws IOException {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        Path file = directory.resolve(name);
        try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
            out.write(ByteBuffer.allocate(8)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(json.length)
                    .array());
            out.write(json);
            out.setLength(8L + json.length + dataLength);
            out.seek(8L + json.length + dataLength - last.length);
            out.write(last);
        }
        return file;
    }

    /** An adapter file of 2.2 GB: one tensor of zeros, which are a hole, and a small one that begins beyond 2^31 bytes. */
    @Test
    void anAdapterFileOfMoreThanTwoGigabytesIsReadTensorByTensor() throws IOException {
        int large = 550_000_000;
        byte[] small = ByteBuffer.allocate(12)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putFloat(1)
                .putFloat(-2)
                .putFloat(3)
                .array();
        Map<String, String> metadata = metadata(large, small);
        StringBuilder header =
                new StringBuilder("{\"__metadata__\":" + MetadataJson.text(MetadataJson.MAPPER.valueToTree(metadata)));
        long end = 4L * large;
        header.append(",\"values/a\":{\"dtype\":\"F32\",\"shape\":[%d],\"data_offsets\":[0,%d]}".formatted(large, end));
        header.append(
                ",\"values/b\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[%d,%d]}}".formatted(end, end + 12));
        Path file = hole("large", header.toString(), end + 12, small);

        Adapter adapter = AdapterFile.read(file);

        assertThat(adapter.entries()).isEqualTo(large + 3);
        assertThat(adapter.update("b").orElseThrow().values()).containsExactly(1, -2, 3);
        assertThat(adapter.update("a").orElseThrow().count()).isEqualTo(large);
    }

    private static Map<String, String> metadata(int large, byte[] small) {
        CRC32C zeros = new CRC32C();
        byte[] chunk = new byte[1 << 20];
        for (long left = 4L * large; left > 0; left -= chunk.length) {
            zeros.update(chunk, 0, (int) Math.min(left, chunk.length));
        }
        CRC32C values = new CRC32C();
        values.update(small);
        String update = "{\"name\":\"%s\",\"shape\":[%d],\"kind\":\"all\",\"count\":%d,\"values\":\"%s\"}";
        Map<String, String> metadata = new TreeMap<>(Map.of(
                AdapterLayout.FORMAT_KEY,
                AdapterLayout.FORMAT,
                AdapterLayout.VERSION_KEY,
                AdapterLayout.VERSION,
                AdapterLayout.BASE_KEY,
                Adapters.BASE.hex(),
                AdapterLayout.PARENT_KEY,
                Adapters.BASE.hex(),
                AdapterLayout.TASK_KEY,
                "large/task",
                AdapterLayout.METHOD_KEY,
                "full",
                AdapterLayout.RUN_KEY,
                "run-1",
                AdapterLayout.RECIPE_KEY,
                "{}",
                AdapterLayout.HEAD_KEY,
                "[]",
                AdapterLayout.UPDATES_KEY,
                "[" + update.formatted("a", large, large, AdapterLayout.hex(zeros)) + ","
                        + update.formatted("b", 3, 3, AdapterLayout.hex(values)) + "]"));
        metadata.put(AdapterLayout.CHECKSUM_KEY, AdapterLayout.checksum(metadata));
        return metadata;
    }
}
