package io.tessellate.safetensors;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.tessellate.error.TessellateException;
import io.tessellate.file.JsonText;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The JSON header of a safetensors file, checked against the bytes that follow it.
 *
 * @param tensors in the order of their bytes
 */
record Header(Map<String, String> metadata, List<TensorInfo> tensors) {
    static final String METADATA = "__metadata__";

    private static final int MAX_NUMBERS = 64;

    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(8).build())
            .build();

    /** Reads a header; {@code dataLength} is the number of bytes after it. */
    static Header parse(byte[] json, long dataLength) throws MalformedHeaderException {
        try (JsonParser parser = JSON.createParser(utf8(json))) {
            return new Parsing(parser, dataLength).header();
        } catch (JsonProcessingException e) {
            throw new MalformedHeaderException(
                    "the header must be valid JSON: " + JsonText.fault(new String(json, StandardCharsets.UTF_8)));
        } catch (CharacterCodingException e) {
            throw new MalformedHeaderException("the header must be UTF-8");
        } catch (IOException e) {
            throw new IllegalStateException("reading from memory cannot fail", e);
        }
    }

    /** Unlike the parser's own decoding this refuses malformed bytes. */
    private static Reader utf8(byte[] json) {
        return new InputStreamReader(new ByteArrayInputStream(json), StandardCharsets.UTF_8.newDecoder());
    }

    /** One pass over the JSON. */
    private record Parsing(JsonParser parser, long dataLength) {
        Header header() throws IOException, MalformedHeaderException {
            Map<String, String> metadata = Map.of();
            List<TensorInfo> tensors = new ArrayList<>();
            expect(parser.nextToken(), JsonToken.START_OBJECT, "the header");
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String name = parser.currentName();
                if (name.equals(METADATA)) {
                    metadata = metadata();
                } else {
                    tensors.add(tensor(name));
                }
            }
            require(parser.nextToken() == null, "nothing but spaces may follow the header's JSON object");
            tensors.sort(Comparator.comparingLong(TensorInfo::begin).thenComparingLong(TensorInfo::end));
            requireContiguous(tensors);
            return new Header(metadata, List.copyOf(tensors));
        }

        private Map<String, String> metadata() throws IOException, MalformedHeaderException {
            Map<String, String> metadata = new LinkedHashMap<>();
            expect(parser.nextToken(), JsonToken.START_OBJECT, METADATA);
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String key = parser.currentName();
                expect(parser.nextToken(), JsonToken.VALUE_STRING, METADATA + " '" + key + "'");
                metadata.put(key, parser.getText());
            }
            return Collections.unmodifiableMap(metadata);
        }

        private TensorInfo tensor(String name) throws IOException, MalformedHeaderException {
            Set<String> seen = new HashSet<>();
            String dtype = "";
            List<Long> shape = List.of();
            List<Long> offsets = List.of();
            expect(parser.nextToken(), JsonToken.START_OBJECT, "tensor '" + name + "'");
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String field = parser.currentName();
                seen.add(field);
                switch (field) {
                    case "dtype" -> dtype = text(name);
                    case "shape" -> shape = numbers(name, field);
                    case "data_offsets" -> offsets = numbers(name, field);
                    default ->
                        throw new MalformedHeaderException(
                                "tensor '%s' has the unknown field '%s'".formatted(name, field));
                }
            }
            require(seen.size() == 3, "tensor '%s' must have dtype, shape and data_offsets".formatted(name));
            return checked(name, dtype, shape, offsets);
        }

        private String text(String name) throws IOException, MalformedHeaderException {
            expect(parser.nextToken(), JsonToken.VALUE_STRING, "dtype of tensor '" + name + "'");
            return parser.getText();
        }

        private List<Long> numbers(String name, String field) throws IOException, MalformedHeaderException {
            String what = field + " of tensor '" + name + "'";
            List<Long> numbers = new ArrayList<>();
            expect(parser.nextToken(), JsonToken.START_ARRAY, what);
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                expect(parser.currentToken(), JsonToken.VALUE_NUMBER_INT, what);
                numbers.add(parser.getLongValue());
                require(numbers.size() <= MAX_NUMBERS, "%s must have at most %d numbers".formatted(what, MAX_NUMBERS));
            }
            return numbers;
        }

        private TensorInfo checked(String name, String dtype, List<Long> dimensions, List<Long> offsets)
                throws MalformedHeaderException {
            DType type = DType.named(dtype)
                    .orElseThrow(() -> new MalformedHeaderException(
                            "tensor '%s' has the unknown dtype '%s'".formatted(name, dtype)));
            require(offsets.size() == 2, "tensor '%s' must have two data_offsets: %s".formatted(name, offsets));
            long begin = offsets.get(0);
            long end = offsets.get(1);
            require(
                    0 <= begin && begin <= end && end <= dataLength,
                    "tensor '%s' must lie within the file's %d data bytes: [%d, %d)"
                            .formatted(name, dataLength, begin, end));
            Shape shape = shape(name, dimensions);
            require(
                    shape.elements() <= dataLength / type.bytes() && shape.elements() * type.bytes() == end - begin,
                    "tensor '%s' of shape %s and dtype %s must have as many bytes as it says: [%d, %d)"
                            .formatted(name, shape, type, begin, end));
            return new TensorInfo(name, type, shape, begin, end);
        }

        private static Shape shape(String name, List<Long> dimensions) throws MalformedHeaderException {
            try {
                return new Shape(dimensions);
            } catch (TessellateException e) {
                throw new MalformedHeaderException("tensor '" + name + "': " + e.getMessage());
            }
        }

        private void requireContiguous(List<TensorInfo> tensors) throws MalformedHeaderException {
            long next = 0;
            for (TensorInfo tensor : tensors) {
                require(
                        tensor.begin() == next,
                        "tensor '%s' must begin where the one before it ends, at %d: %d"
                                .formatted(tensor.name(), next, tensor.begin()));
                next = tensor.end();
            }
            require(
                    next == dataLength,
                    "the tensors must fill the file: they end at %d of %d data bytes".formatted(next, dataLength));
        }

        private static void expect(@Nullable JsonToken found, JsonToken wanted, String what)
                throws MalformedHeaderException {
            require(found == wanted, "%s must be %s, not %s".formatted(what, wanted, found));
        }

        private static void require(boolean holds, String rule) throws MalformedHeaderException {
            if (!holds) {
                throw new MalformedHeaderException(rule);
            }
        }
    }
}
