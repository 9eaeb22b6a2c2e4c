package io.tessellate.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class MalformedSafetensorsTest {
    @TempDir
    private Path directory;

    static Stream<Arguments> brokenHeaders() {
        return Stream.of(
                arguments("[]", "the header must be START_OBJECT"),
                arguments("{} x", "JSON"),
                arguments("{\"w\":", "JSON"),
                arguments("{\"w\":{'dtype'", "JSON"),
                arguments(tensor("F32", "[2]", "[0,8]") + "{}", "nothing but spaces"),
                arguments("{\"w\":1}", "tensor 'w' must be START_OBJECT"),
                arguments("{\"w\":{\"dtype\":\"F32\",\"shape\":[2]}}", "must have dtype, shape and data_offsets"),
                arguments("{\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"extra\":1}}", "unknown field 'extra'"),
                arguments(tensor("F31", "[2]", "[0,8]"), "unknown dtype 'F31'"),
                arguments(tensor("F32", "[3]", "[0,8]"), "as many bytes as it says"),
                arguments(tensor("F32", "[-2]", "[0,8]"), "dimensions of at least 0"),
                arguments(tensor("F32", "[2.0]", "[0,8]"), "shape of tensor 'w' must be VALUE_NUMBER_INT"),
                arguments(tensor("F32", "[4294967296,4294967296]", "[0,8]"), "fewer than 2^63"),
                arguments(tensor("F32", "[4611686018427387905,2]", "[0,8]"), "fewer than 2^63"),
                arguments(tensor("F32", "[4611686018427387906]", "[0,8]"), "as many bytes as it says"),
                arguments(tensor("F32", "[99999999999999999999]", "[0,8]"), "JSON"),
                arguments(tensor("F32", "[1" + ",1".repeat(64) + "]", "[0,4]"), "at most 64 numbers"),
                arguments(tensor("F32", "[2]", "[0]"), "two data_offsets"),
                arguments(tensor("F32", "[2]", "[0,8,16]"), "two data_offsets"),
                arguments(tensor("F32", "[2]", "[8,0]"), "must lie within the file's 8 data bytes: [8, 0)"),
                arguments(tensor("F32", "[2]", "[-8,0]"), "must lie within"),
                arguments(tensor("F32", "[4]", "[0,16]"), "must lie within"),
                arguments(tensor("F32", "[1]", "[0,4]"), "the tensors must fill the file: they end at 4 of 8"),
                arguments(tensor("F32", "[1]", "[4,8]"), "must begin where the one before it ends, at 0: 4"),
                arguments("{}", "they end at 0 of 8"),
                arguments(two("[0,4]", "[0,4]"), "tensor 'v' must begin where the one before it ends, at 4: 0"),
                arguments("{\"w\":{},\"w\":{}}", "must have dtype"),
                arguments(duplicate(), "field 'w' stands twice in one object"),
                arguments("{\"__metadata__\":{\"a\":1}}", "__metadata__ 'a' must be VALUE_STRING"),
                arguments("{\"__metadata__\":[]}", "__metadata__ must be START_OBJECT"),
                arguments("{\"\u00e9\":{}}".getBytes(StandardCharsets.ISO_8859_1), "must be UTF-8"));
    }

    private static String tensor(String dtype, String shape, String offsets) {
        return "{\"w\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":%s}}".formatted(dtype, shape, offsets);
    }

    private static String two(String first, String second) {
        return ("{\"w\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":%s},"
                        + "\"v\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":%s}}")
                .formatted(first, second);
    }

    private static String duplicate() {
        return two("[0,4]", "[4,8]").replace("\"v\"", "\"w\"");
    }

    @ParameterizedTest
    @MethodSource("brokenHeaders")
    void aBrokenHeaderIsRefusedWithTheRule(Object header, String rule) throws IOException {
        byte[] json = header instanceof byte[] bytes ? bytes : header.toString().getBytes(StandardCharsets.UTF_8);
        byte[] file = ByteBuffer.allocate(8 + json.length + 8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(json.length)
                .put(json)
                .array();

        assertRefused(file, rule);
    }

    @Test
    void aHeaderLengthBeyondTheFileIsRefusedBeforeItIsAllocated() throws IOException {
        for (long length : new long[] {-1, 0, 1, 3, 99_999_999, Long.MAX_VALUE, Long.MIN_VALUE}) {
            byte[] file = ByteBuffer.allocate(10)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(length)
                    .put((byte) '{')
                    .put((byte) '}')
                    .array();
            assertRefused(file, "the header's length must be 2 to 2: " + Long.toUnsignedString(length));
        }
    }

    @Test
    void everyTruncationIsRefused() throws IOException {
        byte[] file = valid();
        for (int length = 0; length < file.length; length++) {
            assertRefused(Arrays.copyOf(file, length), "");
        }
        assertRefused(Arrays.copyOf(file, file.length + 1), "must fill the file");
    }

    @Test
    void randomDamageIsRefusedOrHarmless() throws IOException {
        SplittableRandom random = new SplittableRandom(11);
        byte[] valid = valid();
        int refused = 0;
        for (int n = 0; n < 5_000; n++) {
            byte[] file = valid.clone();
            for (int flips = random.nextInt(3); flips >= 0; flips--) {
                file[random.nextInt(file.length)] = (byte) random.nextInt(256);
            }
            refused += opensOrIsRefused(file) ? 0 : 1;
        }
        assertThat(refused).isGreaterThan(2_500);
    }

    /** Whether all float tensors of a damaged file can still be read; anything but a named refusal fails. */
    private boolean opensOrIsRefused(byte[] bytes) throws IOException {
        Path path = damaged(bytes);
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            for (TensorInfo tensor : file.tensors()) {
                if (tensor.dtype().readableAsFloat()) {
                    assertThat(file.read(tensor.name())).hasSize((int) tensor.elements());
                }
            }
            return true;
        } catch (TessellateException e) {
            assertThat(e.code()).isEqualTo(ErrorCode.MALFORMED_FILE);
            assertThat(e).hasMessageStartingWith(path + ": ");
            return false;
        }
    }

    private void assertRefused(byte[] bytes, String rule) throws IOException {
        Path path = damaged(bytes);
        assertThatThrownBy(() -> SafetensorsFile.open(path).close())
                .hasMessageStartingWith(path + ": ")
                .hasMessageContaining(rule)
                .asInstanceOf(InstanceOfAssertFactories.type(TessellateException.class))
                .extracting(TessellateException::code)
                .isEqualTo(ErrorCode.MALFORMED_FILE);
    }

    /** A new file each time: some file systems flush a file that is truncated and written again. */
    private Path damaged(byte[] bytes) throws IOException {
        Path path = directory.resolve("damaged");
        Files.deleteIfExists(path);
        return Files.write(path, bytes);
    }

    private static byte[] valid() {
        return SafetensorsWriter.toBytes(
                Map.of("format", "pt"),
                List.of(
                        TensorSource.floats("weight", Shape.of(2, 3), new float[6]),
                        TensorSource.floats("half", DType.F16, Shape.of(5), () -> new float[5]),
                        TensorSource.bytes("ids", DType.I64, Shape.of(2), new byte[16])));
    }
}
