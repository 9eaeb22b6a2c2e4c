package io.tessellate.safetensors;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.id.Sha256;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Writes safetensors files. The same tensors and metadata always give the same bytes: tensors lie in the order given,
 * metadata in the order of its keys.
 */
public final class SafetensorsWriter {
    private static final JsonFactory JSON = new JsonFactory();

    private SafetensorsWriter() {}

    /**
     * Writes a file: complete under its name, or not at all.
     *
     * @return digest of the file's bytes
     */
    public static Sha256 write(Path file, Map<String, String> metadata, List<TensorSource> tensors) {
        byte[] header = header(metadata, tensors);
        return AtomicFile.write(file, out -> writeTo(out, header, tensors));
    }

    /** The bytes of a small file. */
    public static byte[] toBytes(Map<String, String> metadata, List<TensorSource> tensors) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            writeTo(out, header(metadata, tensors), tensors);
        } catch (IOException e) {
            throw new IllegalStateException("writing to memory cannot fail", e);
        }
        return out.toByteArray();
    }

    private static void writeTo(OutputStream out, byte[] header, List<TensorSource> tensors) throws IOException {
        out.write(ByteBuffer.allocate(Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(header.length)
                .array());
        out.write(header);
        for (TensorSource tensor : tensors) {
            tensor.writeTo(out);
        }
    }

    private static byte[] header(Map<String, String> metadata, List<TensorSource> tensors) {
        requireDistinctNames(tensors);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.writeStartObject();
            writeMetadata(json, metadata);
            writeTensors(json, tensors);
            json.writeEndObject();
        } catch (IOException e) {
            throw new IllegalStateException("writing to memory cannot fail", e);
        }
        return padded(out.toByteArray());
    }

    private static void writeMetadata(JsonGenerator json, Map<String, String> metadata) throws IOException {
        if (metadata.isEmpty()) {
            return;
        }
        json.writeObjectFieldStart(Header.METADATA);
        for (Map.Entry<String, String> entry : new TreeMap<>(metadata).entrySet()) {
            json.writeStringField(entry.getKey(), entry.getValue());
        }
        json.writeEndObject();
    }

    private static void writeTensors(JsonGenerator json, List<TensorSource> tensors) throws IOException {
        long begin = 0;
        for (TensorSource tensor : tensors) {
            long end = Math.addExact(begin, tensor.byteLength());
            json.writeObjectFieldStart(tensor.name());
            json.writeStringField("dtype", tensor.dtype().name());
            writeNumbers(json, "shape", tensor.shape().dimensions());
            writeNumbers(json, "data_offsets", List.of(begin, end));
            json.writeEndObject();
            begin = end;
        }
    }

    private static void writeNumbers(JsonGenerator json, String field, List<Long> numbers) throws IOException {
        json.writeArrayFieldStart(field);
        for (long number : numbers) {
            json.writeNumber(number);
        }
        json.writeEndArray();
    }

    /** Spaces up to a multiple of eight, so that the data begins aligned. */
    private static byte[] padded(byte[] json) {
        if (json.length > SafetensorsFile.MAX_HEADER - Long.BYTES) {
            throw new TessellateException(
                    ErrorCode.TOO_LARGE,
                    "a header of %d bytes is more than readers take: %d"
                            .formatted(json.length, SafetensorsFile.MAX_HEADER));
        }
        byte[] header = Arrays.copyOf(json, json.length + 7 & ~7);
        Arrays.fill(header, json.length, header.length, (byte) ' ');
        return header;
    }

    private static void requireDistinctNames(List<TensorSource> tensors) {
        Set<String> names = new HashSet<>();
        names.add(Header.METADATA);
        for (TensorSource tensor : tensors) {
            if (!names.add(tensor.name())) {
                throw new TessellateException(
                        ErrorCode.INVALID_ARGUMENT,
                        "tensor name '%s' must be used once and not be %s".formatted(tensor.name(), Header.METADATA));
            }
        }
    }
}
