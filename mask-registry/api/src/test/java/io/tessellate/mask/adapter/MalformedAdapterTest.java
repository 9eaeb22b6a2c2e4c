package io.tessellate.mask.adapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.safetensors.DType;
import io.tessellate.safetensors.SafetensorsFile;
import io.tessellate.safetensors.SafetensorsWriter;
import io.tessellate.safetensors.Shape;
import io.tessellate.safetensors.TensorInfo;
import io.tessellate.safetensors.TensorSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class MalformedAdapterTest {
    @TempDir
    private Path directory;

    static Stream<Arguments> edits() {
        return Stream.of(
                arguments("format", "tessellate-adapter", "pt", "this is no adapter file"),
                arguments("formatVersion", "1", "4", "format version '4' is not one this reader knows (1, 2, 3)"),
                arguments("formatVersion", "1", "3", "metadata must have the keys"),
                arguments("formatVersion", "1", "2", "format version 2 must have an update with 'shared' or 'factors'"),
                arguments(
                        "updates",
                        "\"draw\":3",
                        "\"draw\":3,\"shared\":true",
                        "must not have 'shared' in format version 1"),
                arguments("updates", "\"draw\":3", "\"draw\":3,\"shared\":false", "must have 'shared' only as true"),
                arguments("updates", "\"draw\":3", "\"draw\":3,\"shared\":1", "must have 'shared' only as true"),
                arguments("updates", "\"draw\":3", "\"draw\":3,\"same\":true", "must have the fields"),
                arguments("baseDigest", "^.", "X", "must be 64 lower-case hex digits"),
                arguments("parentDigest", "^.", "", "must be 64 lower-case hex digits"),
                arguments("task", "/", "-", "must be model/task"),
                arguments("method", "lotto", "Lot to", "method 'Lot to'"),
                arguments("run", "run", "RUN", "run 'RUN-1'"),
                arguments("recipe", "\\{", "[", "recipe of run run-1 must be a JSON object"),
                arguments("updates", "^.*$", "{}", "metadata 'updates' must be a JSON array"),
                arguments("updates", "^.*$", "[", "metadata 'updates' must be JSON"),
                arguments("updates", "\"kind\":\"rice\"", "\"kind\":\"elias\"", "unknown kind 'elias'"),
                arguments("updates", "\"kind\":\"rice\"", "\"kind\":\"all\"", "must have the fields"),
                arguments("updates", "\"count\":320", "\"count\":3200", "must have shape [3200]: [320]"),
                arguments("updates", "\"count\":320", "\"count\":320.0", "number 'count' from 1 to 3200"),
                arguments("updates", "\"count\":320", "\"count\":3201", "number 'count' from 1 to 3200"),
                arguments("updates", "\"count\":320", "\"count\":99999999999", "number 'count'"),
                arguments("updates", "\"parameter\":3", "\"parameter\":2", "tensor 'index/layer.0.listed'"),
                arguments("updates", "\"parameter\":3", "\"parameter\":31", "number 'parameter' from 0 to 30"),
                arguments("updates", "\\[64,50\\]", "[64,4]", "must have a number 'count' from 1 to 256"),
                arguments("updates", "\\[64,50\\]", "[8,50]", "index 33 must be below 400"),
                arguments("updates", "\\[64,50\\]", "[64,49]", "must be below 3136"),
                arguments("updates", "\\[64,50\\]", "[65536,65536]", "1 to 2147483584 elements"),
                arguments("updates", "\\[64,50\\]", "[1,1,1,1,1,1,1,64,50]", "1 to 8 dimensions"),
                arguments("updates", "\\[24\\]", "[]", "1 to 8 dimensions"),
                arguments("updates", "\\[24\\]", "[25]", "must count all of [25]"),
                arguments("updates", "\"draw\":3", "\"draw\":200", "number 'draw' from 0 to 199"),
                arguments("updates", "\"class\":2", "\"class\":7", "number 'class' from 0 to 6"),
                arguments("updates", "\"class\":2", "\"class\":\"2\"", "number 'class'"),
                arguments("updates", "\"classes\":7", "\"classes\":1", "number 'classes' from 2"),
                arguments("updates", "\"classes\":7", "\"classes\":6", "cannot have only"),
                arguments("updates", "\"classes\":7", "\"classes\":8", "must have"),
                arguments("updates", "\"classes\":7", "\"classes\":2000000000", "at least 3 are needed"),
                arguments("updates", "\"seed\":\"-9007199254740993\"", "\"seed\":-9007199254740993", "text 'seed'"),
                arguments("updates", "\"seed\":\"-9007199254740993\"", "\"seed\":\"-09\"", "plain decimal seed"),
                arguments("updates", "\"seed\":\"-9007199254740993\"", "\"seed\":\"1e4\"", "64-bit decimal seed"),
                arguments("updates", "\"name\":\"brain\"", "\"name\":\"brian\"", "'values/brian' is missing"),
                arguments("updates", "\"name\":\"brain\"", "\"name\":\"zzz\"", "'layer.0.listed' after 'zzz'"),
                arguments("updates", "\"name\":\"brain\",", "", "must have a text 'name'"),
                arguments("updates", "\"name\":\"brain\"", "\"name\":\"brain\",\"name\":\"a\"", "must be JSON"),
                arguments("updates", "\"values\":\"[0-9a-f]{8}\"", "\"values\":\"00000000\"", "checksum of tensor"),
                arguments("head", "\"name\":\"weight\"", "\"name\":\"bias\"", "head must ascend by name"),
                arguments("head", "\\[2,8\\]", "[4,4]", "must have shape [4, 4]: [2, 8]"),
                arguments("head", ".\"name\":\"weight\".*}", "{}", "must have a text 'name'"),
                arguments("head", ",.\"name\":\"weight\".*}", "", "tensors [head/weight] are not in the metadata"));
    }

    static Stream<Arguments> editsOfFactors() {
        return Stream.of(
                arguments("formatVersion", "2", "1", "metadata must have the keys"),
                arguments("factors", "^.*$", "[]", "metadata 'factors' must not be empty"),
                arguments("factors", "^.*$", "{}", "metadata 'factors' must be a JSON array"),
                arguments("factors", "\"name\":\"k\"", "\"name\":\"z\"", "factors must ascend by name: 'q' after 'z'"),
                arguments("factors", "\"name\":\"k\"", "\"name\":\"j\"", "tensor 'factor/j.A' is missing"),
                arguments("factors", "\\{\"name\":\"k\"[^}]*},", "", "are not in the metadata"),
                arguments(
                        "factors", "\"rank\":2", "\"rank\":4", "tensor 'factor/k.A' must be F32 with 4 in dimension 0"),
                arguments("factors", "\"rank\":2", "\"rank\":0", "number 'rank' from 1 to 65536"),
                arguments("factors", "\"scale\":2.0", "\"scale\":0", "finite scale above 0: rank 2, scale 0.0"),
                arguments(
                        "factors", "\"scale\":2.0", "\"scale\":1e999", "finite scale above 0: rank 2, scale Infinity"),
                arguments("factors", "\"scale\":2.0", "\"scale\":\"2\"", "must have a number 'scale'"),
                arguments("factors", "\"scale\":2.0,", "", "must have the fields"),
                arguments("factors", "\"B\":\"[0-9a-f]{8}\"", "\"B\":\"00000000\"", "checksum of tensor 'factor/"),
                arguments("updates", "\\[6,10\\]", "[10,6]", "must have shape [10, 6]: [6, 10]"),
                arguments("updates", "\\{\"name\":\"k\"[^}]*},", "", "[values/k] are not in the metadata"));
    }

    @ParameterizedTest
    @MethodSource("edits")
    void metadataThatBreaksARuleIsRefusedWithIt(String key, String pattern, String replacement, String rule) {
        assertRefused(edited(Adapters.mixed(1), replacing(key, pattern, replacement)), rule);
    }

    static Stream<Arguments> editsOfUnits() {
        return Stream.of(
                arguments("formatVersion", "3", "1", "metadata must have the keys"),
                arguments("formatVersion", "3", "2", "metadata must have the keys"),
                arguments("units", "^.*$", "[]", "metadata 'units' must be a JSON object"),
                arguments("units", "^.*$", "{", "metadata 'units' must be JSON"),
                arguments("units", "\"mean\":[^,]*,", "", "units must have the fields [mean, deviation]"),
                arguments("units", "\"mean\":[^,]*", "\"mean\":\"2\"", "must have a number 'mean'"),
                arguments("units", "\"mean\":[^,]*", "\"mean\":1e999", "finite mean"),
                arguments("units", "\"deviation\":[^}]*", "\"deviation\":0", "finite deviation above 0"),
                arguments("units", "\"deviation\":[^}]*", "\"deviation\":-1.5", "finite deviation above 0"));
    }

    @ParameterizedTest
    @MethodSource("editsOfUnits")
    void unitsThatBreakARuleAreRefusedWithIt(String key, String pattern, String replacement, String rule) {
        assertRefused(edited(Adapters.in(Adapters.mixed(1)), replacing(key, pattern, replacement)), rule);
    }

    @ParameterizedTest
    @MethodSource("editsOfFactors")
    void factorsThatBreakARuleAreRefusedWithIt(String key, String pattern, String replacement, String rule) {
        assertRefused(edited(Adapters.factored(1), replacing(key, pattern, replacement)), rule);
    }

    private static UnaryOperator<Map<String, String>> replacing(String key, String pattern, String replacement) {
        return metadata -> {
            String value = metadata.get(key);
            String changed = value.replaceAll(pattern, replacement.replace("$", "\\$"));
            assertThat(changed).isNotEqualTo(value);
            metadata.put(key, changed);
            metadata.put("checksum", AdapterLayout.checksum(metadata));
            return metadata;
        };
    }

    @Test
    void anyOtherKeyOrALostKeyIsRefused() {
        assertRefused(
                edited(Adapters.mixed(1), metadata -> with(metadata, "author", "x")), "metadata must have the keys");
        assertRefused(
                edited(Adapters.mixed(1), metadata -> {
                    metadata.remove("run");
                    return metadata;
                }),
                "metadata must have the keys");
    }

    @Test
    void aChangeOfTheMetadataBehindItsChecksumIsRefused() {
        assertRefused(
                edited(Adapters.mixed(1), metadata -> with(metadata, "run", "run-2")),
                "checksum of the metadata must be");
    }

    @Test
    void valuesThatAreNotFiniteAreRefused() throws IOException {
        byte[] values = ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putFloat(1.1f)
                .putFloat(Float.NaN)
                .array();
        Path file = directory.resolve("a");
        AdapterFile.write(
                file,
                new Adapter(Adapters.METADATA, List.of(), List.of(new HeadTensor("bias", Shape.of(2), new float[] {
                    1.1f, 2.2f
                }))));
        byte[] bytes = Files.readAllBytes(file);
        String before = crc(Arrays.copyOfRange(bytes, bytes.length - 8, bytes.length));
        Map<String, String> metadata;
        try (SafetensorsFile read = SafetensorsFile.open(file)) {
            metadata = new LinkedHashMap<>(read.metadata());
        }
        metadata.computeIfPresent("head", (key, head) -> head.replace(before, crc(values)));
        metadata.put("checksum", AdapterLayout.checksum(metadata));
        SafetensorsWriter.write(
                file, metadata, List.of(TensorSource.bytes("head/bias", DType.F32, Shape.of(2), values)));
        assertRefused(file, "head tensor 'bias' must have finite values: value 1 is NaN");
    }

    @Test
    void aSafetensorsFileThatIsNoAdapterIsRefused() {
        Path file = directory.resolve("model.safetensors");
        SafetensorsWriter.write(
                file, Map.of("format", "pt"), List.of(TensorSource.floats("w", Shape.of(1), new float[1])));
        assertRefused(file, "this is no adapter file");
    }

    @ParameterizedTest
    @MethodSource("adapters")
    void everyTruncationIsRefused(Adapter adapter) throws IOException {
        Path file = directory.resolve("whole");
        AdapterFile.write(file, adapter);
        byte[] bytes = Files.readAllBytes(file);
        for (int length = 0; length < bytes.length; length += 7) {
            assertRefused(fresh(Arrays.copyOf(bytes, length)), "");
        }
    }

    static Stream<Adapter> adapters() {
        return Stream.of(Adapters.mixed(1), Adapters.factored(1), Adapters.shared(1));
    }

    @ParameterizedTest
    @MethodSource("adapters")
    void noFlippedBitGivesAnotherAdapter(Adapter adapter) throws IOException {
        SplittableRandom random = new SplittableRandom(6);
        Path file = directory.resolve("whole");
        AdapterFile.write(file, adapter);
        byte[] valid = Files.readAllBytes(file);
        for (int n = 0; n < 2_000; n++) {
            byte[] bytes = valid.clone();
            for (int flips = random.nextInt(2); flips >= 0; flips--) {
                bytes[random.nextInt(bytes.length)] ^= (byte) (1 + random.nextInt(255));
            }
            Path damaged = fresh(bytes);
            try {
                assertThat(n % 2 == 0 ? AdapterFile.read(damaged) : AdapterFile.open(damaged))
                        .isEqualTo(adapter);
            } catch (TessellateException e) {
                assertThat(e.code()).isEqualTo(ErrorCode.MALFORMED_FILE);
                assertThat(e).hasMessageStartingWith(damaged + ": ");
            }
        }
    }

    private Path fresh(byte[] bytes) throws IOException {
        Path path = directory.resolve("damaged");
        Files.deleteIfExists(path);
        return Files.write(path, bytes);
    }

    private static String crc(byte[] bytes) {
        return AdapterLayout.checksum(TensorSource.bytes("bytes", DType.U8, Shape.of(bytes.length), bytes));
    }

    private static Map<String, String> with(Map<String, String> metadata, String key, String value) {
        metadata.put(key, value);
        return metadata;
    }

    /** The adapter's file with the same tensors and other metadata. */
    private Path edited(Adapter adapter, UnaryOperator<Map<String, String>> edit) {
        Path file = directory.resolve("edited");
        AdapterFile.write(file, adapter);
        try (SafetensorsFile read = SafetensorsFile.open(file)) {
            List<TensorSource> tensors =
                    read.tensors().stream().map(tensor -> copy(read, tensor)).toList();
            SafetensorsWriter.write(file, edit.apply(new LinkedHashMap<>(read.metadata())), tensors);
        }
        return file;
    }

    private static TensorSource copy(SafetensorsFile file, TensorInfo tensor) {
        return TensorSource.bytes(tensor.name(), tensor.dtype(), tensor.shape(), file.bytes(tensor.name()));
    }

    private static void assertRefused(Path file, String rule) {
        assertRefused(() -> AdapterFile.read(file), file, rule);
        assertRefused(() -> AdapterFile.open(file), file, rule);
    }

    private static void assertRefused(ThrowingCallable reading, Path file, String rule) {
        assertThatThrownBy(reading)
                .hasMessageStartingWith(file + ": ")
                .hasMessageContaining(rule)
                .asInstanceOf(InstanceOfAssertFactories.type(TessellateException.class))
                .extracting(TessellateException::code)
                .isEqualTo(ErrorCode.MALFORMED_FILE);
    }
}
