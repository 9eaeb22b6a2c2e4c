package io.tessellate.safetensors;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.SPARSE;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.id.Sha256;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsFileTest {
    @TempDir
    private Path directory;

    @Test
    void whatIsWrittenIsReadAgain() throws IOException {
        float[] weights = random(1, 3 * 70_001);
        Path file = directory.resolve("model.safetensors");

        Sha256 digest = SafetensorsWriter.write(
                file,
                Map.of("format", "pt", "ä", "\"quoted\"\n"),
                List.of(
                        TensorSource.floats("encoder.weight", Shape.of(3, 70_001), weights),
                        TensorSource.floats("scalar", Shape.of(), new float[] {4}),
                        TensorSource.floats("empty", Shape.of(0, 5), new float[0])));

        assertThat(digest).isEqualTo(Sha256.of(file));
        try (SafetensorsFile read = SafetensorsFile.open(file)) {
            assertThat(read.metadata()).isEqualTo(Map.of("format", "pt", "ä", "\"quoted\"\n"));
            assertThat(read.tensorNames()).containsExactly("encoder.weight", "scalar", "empty");
            assertThat(read.info("encoder.weight").shape()).isEqualTo(Shape.of(3, 70_001));
            assertThat(read.read("encoder.weight")).isEqualTo(weights);
            assertThat(read.read("scalar")).containsExactly(4);
            assertThat(read.read("empty")).isEmpty();
        }
    }

    @Test
    void partsOfTensorsAreReadIntoTheMiddleOfVectors() {
        float[] weights = random(2, 1000);
        Path file = write(TensorSource.floats("w", DType.F16, Shape.of(10, 100), () -> halves(weights)));
        try (SafetensorsFile read = SafetensorsFile.open(file)) {
            float[] vector = new float[1010];
            read.readInto("w", vector, 5);
            assertThat(vector).startsWith(0, 0, 0, 0, 0).endsWith(0, 0, 0, 0, 0);
            assertThat(vector[5]).isEqualTo(halves(weights)[0]);
            FloatBuffer part = FloatBuffer.allocate(3);
            read.read("w", 998, 2, part);
            assertThat(part.position()).isEqualTo(2);
            assertThat(part.get(1)).isEqualTo(halves(weights)[999]);
            assertThatThrownBy(() -> read.read("w", 999, 2, FloatBuffer.allocate(2)))
                    .isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    @Test
    void halfAndBrainFloatsAreReadAsFloats() {
        float[] values = random(3, 10_000);
        Path file = write(
                TensorSource.floats("half", DType.F16, Shape.of(10_000), () -> values),
                TensorSource.floats("brain", DType.BF16, Shape.of(100, 100), () -> values));
        try (SafetensorsFile read = SafetensorsFile.open(file)) {
            assertThat(read.info("half").byteLength()).isEqualTo(20_000);
            assertThat(read.read("half")).isEqualTo(halves(values));
            float[] brain = read.read("brain");
            for (int n = 0; n < values.length; n++) {
                assertThat(Math.abs(brain[n] - values[n])).isLessThanOrEqualTo(Math.abs(values[n]) / 256);
            }
        }
    }

    @Test
    void integersAreListedButNotReadAsFloats() {
        Path file = write(TensorSource.bytes("position_ids", DType.I64, Shape.of(1, 2), new byte[16]));
        try (SafetensorsFile read = SafetensorsFile.open(file)) {
            assertThat(read.tensors())
                    .containsExactly(new TensorInfo("position_ids", DType.I64, Shape.of(1, 2), 0, 16));
            assertThat(read.bytes("position_ids")).hasSize(16);
            assertThatThrownBy(() -> read.read("position_ids"))
                    .isInstanceOf(TessellateException.class)
                    .hasMessageContaining("I64 cannot be read as floats");
        }
    }

    @Test
    void anUnknownTensorIsNamedWithTheFile() {
        Path file = write(TensorSource.floats("w", Shape.of(1), new float[1]));
        try (SafetensorsFile read = SafetensorsFile.open(file)) {
            assertThat(read.contains("v")).isFalse();
            assertThatThrownBy(() -> read.read("v"))
                    .hasMessage(file + " has no tensor 'v'")
                    .asInstanceOf(InstanceOfAssertFactories.type(TessellateException.class))
                    .extracting(TessellateException::code)
                    .isEqualTo(ErrorCode.TENSOR_MISMATCH);
        }
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        assertThatThrownBy(() -> SafetensorsFile.open(directory.resolve("none")))
                .isInstanceOf(TessellateException.class)
                .hasMessageContaining("none does not exist");
    }

    @Test
    void theSameContentGivesTheSameBytes() {
        Map<String, String> forwards = new LinkedHashMap<>();
        forwards.put("a", "1");
        forwards.put("b", "2");
        Map<String, String> backwards = new LinkedHashMap<>();
        backwards.put("b", "2");
        backwards.put("a", "1");
        List<TensorSource> tensors = List.of(TensorSource.floats("w", Shape.of(2), new float[] {1, 2}));

        assertThat(SafetensorsWriter.toBytes(forwards, tensors))
                .isEqualTo(SafetensorsWriter.toBytes(backwards, tensors))
                .startsWith(88, 0, 0, 0, 0, 0, 0, 0, '{');
    }

    @Test
    void aFailedWriteLeavesTheOldFileAndNothingElse() throws IOException {
        Path file = write(TensorSource.floats("w", Shape.of(1), new float[] {7}));
        byte[] before = Files.readAllBytes(file);

        assertThatThrownBy(() -> write(TensorSource.floats("w", DType.F32, Shape.of(2), () -> new float[3])))
                .hasMessageContaining("tensor 'w' of shape [2] cannot have 3 values");

        assertThat(file).hasBinaryContent(before);
        try (Stream<Path> left = Files.list(directory)) {
            assertThat(left).containsExactly(file);
        }
    }

    @Test
    void whoMayReadOtherFilesMayReadThese() throws IOException {
        Path file = write(TensorSource.floats("w", Shape.of(1), new float[1]));
        Path other = Files.writeString(directory.resolve("other"), "x");
        assertThat(Files.getPosixFilePermissions(file)).isEqualTo(Files.getPosixFilePermissions(other));
    }

    @Test
    void filesLargerThanAnArrayAreRead() throws IOException {
        long elements = 600_000_000;
        String header = "{\"a\":{\"dtype\":\"F32\",\"shape\":[%1$d],\"data_offsets\":[0,%2$d]},"
                + "\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[%2$d,%3$d]}}";
        byte[] json = String.format(Locale.ROOT, header, elements, 4 * elements, 4 * elements + 4)
                .getBytes(StandardCharsets.UTF_8);
        Path path = directory.resolve("large");
        ByteBuffer tail = ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putFloat(3)
                .putFloat(4);
        ByteBuffer head = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(json.length);
        try (FileChannel channel = FileChannel.open(path, CREATE_NEW, WRITE, SPARSE)) {
            channel.write(head.flip(), 0);
            channel.write(ByteBuffer.wrap(json), 8);
            channel.write(tail.flip(), 8 + json.length + 4 * (elements - 1));
        }
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            FloatBuffer last = FloatBuffer.allocate(2);
            file.read("a", elements - 2, 2, last);
            assertThat(last.array()).containsExactly(0, 3);
            assertThat(file.read("b")).containsExactly(4);
            assertThatThrownBy(() -> file.bytes("a")).hasMessageContaining("too large for one array");
        }
    }

    @Test
    void aNameIsWrittenOnce() {
        TensorSource w = TensorSource.floats("w", Shape.of(1), new float[1]);
        assertThatThrownBy(() -> write(w, w)).hasMessageContaining("tensor name 'w' must be used once");
        assertThatThrownBy(() -> write(TensorSource.floats("__metadata__", Shape.of(1), new float[1])))
                .hasMessageContaining("__metadata__");
    }

    private Path write(TensorSource... tensors) {
        Path file = directory.resolve("file.safetensors");
        SafetensorsWriter.write(file, Map.of(), List.of(tensors));
        return file;
    }

    private static float[] random(long seed, int count) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] values = new float[count];
        for (int n = 0; n < count; n++) {
            values[n] = (float) random.nextDouble(-2, 2);
        }
        return values;
    }

    private static float[] halves(float[] values) {
        float[] halves = new float[values.length];
        for (int n = 0; n < values.length; n++) {
            halves[n] = FloatCodec.half(FloatCodec.toHalf(values[n]));
        }
        return halves;
    }
}
