package io.tessellate.engine.model.files;

import com.fasterxml.jackson.databind.JsonNode;
import io.tessellate.engine.model.config.JsonFile;
import io.tessellate.engine.model.config.LargeFilePointer;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.StorageFailure;
import io.tessellate.error.TessellateException;
import io.tessellate.id.Sha256;
import io.tessellate.safetensors.SafetensorsFile;
import io.tessellate.safetensors.TensorInfo;
import io.tessellate.safetensors.TensorRegion;
import io.tessellate.safetensors.TensorSource;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The safetensors files of a model: one, or several that an index file lists. Their tensors are one set of names. */
final class WeightFiles implements Closeable {
    static final String ONE = "model.safetensors";
    static final String INDEX = "model.safetensors.index.json";

    private final Path directory;
    private final List<SafetensorsFile> files;
    private final Map<String, SafetensorsFile> byTensor = new LinkedHashMap<>();

    private WeightFiles(Path directory, List<SafetensorsFile> files) {
        this.directory = directory;
        this.files = files;
        files.forEach(file -> file.tensorNames().forEach(name -> byTensor.put(name, file)));
    }

    /** Opens the one file of a directory, or all that its index lists; refuses an index that does not fit its files. */
    static WeightFiles open(Path directory) {
        if (Files.isRegularFile(directory.resolve(ONE))) {
            return new WeightFiles(directory, List.of(opened(directory.resolve(ONE))));
        }
        Map<String, String> index = index(directory.resolve(INDEX));
        List<SafetensorsFile> open = new ArrayList<>();
        try {
            for (String shard : index.values().stream().distinct().sorted().toList()) {
                requireThere(directory, shard);
                SafetensorsFile file = opened(directory.resolve(shard));
                open.add(file);
                requireListed(directory.resolve(INDEX), index, shard, file);
            }
        } catch (TessellateException e) {
            open.forEach(SafetensorsFile::close);
            throw e;
        }
        return new WeightFiles(directory, open);
    }

    private static SafetensorsFile opened(Path file) {
        LargeFilePointer.requireNone(file);
        return SafetensorsFile.open(file);
    }

    private static void requireThere(Path directory, String shard) {
        if (!Files.isRegularFile(directory.resolve(shard))) {
            throw new TessellateException(
                    ErrorCode.UNSUPPORTED_MODEL, "%s lists %s, which is not in %s".formatted(INDEX, shard, directory));
        }
    }

    /** Names of the files that hold the weights, the index included. */
    static List<String> names(Path directory) {
        if (Files.isRegularFile(directory.resolve(ONE))) {
            return List.of(ONE);
        }
        List<String> names = new ArrayList<>(index(directory.resolve(INDEX)).values().stream()
                .distinct()
                .sorted()
                .toList());
        names.add(INDEX);
        return List.copyOf(names);
    }

    /**
     * What the weights are known by: the SHA-256 of the one file, or of a list of the several files' digests and names, in
     * the order of their names.
     */
    static Sha256 digest(Path directory) {
        List<String> names =
                names(directory).stream().filter(name -> !name.equals(INDEX)).toList();
        if (names.equals(List.of(ONE))) {
            return digestOf(directory.resolve(ONE));
        }
        StringBuilder list = new StringBuilder();
        names.forEach(name -> list.append(digestOf(directory.resolve(name)).hex())
                .append("  ")
                .append(name)
                .append('\n'));
        return Sha256.of(list.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static Sha256 digestOf(Path file) {
        try {
            return Sha256.of(file);
        } catch (IOException e) {
            throw StorageFailure.of(file + " cannot be read", e);
        }
    }

    private static Map<String, String> index(Path file) {
        Map<String, String> shards = new TreeMap<>();
        for (Map.Entry<String, JsonNode> entry : map(file).properties()) {
            String shard = entry.getValue().asText();
            if (!shard.endsWith(".safetensors") || shard.contains("/") || shard.contains("\\")) {
                throw new TessellateException(
                        ErrorCode.MALFORMED_FILE,
                        "%s: tensor '%s' is in '%s', which is no name of a safetensors file beside it"
                                .formatted(file, entry.getKey(), shard));
            }
            shards.put(entry.getKey(), shard);
        }
        return shards;
    }

    private static JsonNode map(Path file) {
        JsonNode map = JsonFile.object(file).path("weight_map");
        if (map.isEmpty() || !map.isObject()) {
            throw new TessellateException(ErrorCode.MALFORMED_FILE, file + " has no weight_map");
        }
        return map;
    }

    private static void requireListed(Path index, Map<String, String> shards, String shard, SafetensorsFile file) {
        List<String> missing = shards.entrySet().stream()
                .filter(entry -> entry.getValue().equals(shard) && !file.contains(entry.getKey()))
                .map(Map.Entry::getKey)
                .toList();
        List<String> unlisted = file.tensorNames().stream()
                .filter(name -> !shard.equals(shards.get(name)))
                .toList();
        if (!missing.isEmpty() || !unlisted.isEmpty()) {
            throw new TessellateException(
                    ErrorCode.TENSOR_MISMATCH,
                    "%s and %s disagree: missing tensors %s, unlisted tensors %s"
                            .formatted(index, shard, missing, unlisted));
        }
    }

    Path directory() {
        return directory;
    }

    Set<String> tensorNames() {
        return byTensor.keySet();
    }

    boolean contains(String tensor) {
        return byTensor.containsKey(tensor);
    }

    TensorInfo info(String tensor) {
        return file(tensor).info(tensor);
    }

    /** Some values of a tensor from the mapped file, without an array between. */
    void read(String tensor, long first, int count, FloatBuffer target) {
        file(tensor).read(tensor, first, count, target);
    }

    /** The bytes of a tensor as they lie in the file. */
    byte[] bytes(String tensor) {
        return file(tensor).bytes(tensor);
    }

    /** Where a tensor lies. */
    TensorRegion region(String tensor) {
        return file(tensor).region(tensor);
    }

    /** Some values of a tensor where they lie, in the mapped file. */
    ByteBuffer mapped(String tensor, int first, int count) {
        return file(tensor).mapped(tensor, first, count);
    }

    /** All tensors, bit by bit as they are, to be written into one file. */
    List<TensorSource> copies() {
        return byTensor.keySet().stream()
                .map(name -> TensorSource.copy(name, region(name)))
                .toList();
    }

    private SafetensorsFile file(String tensor) {
        SafetensorsFile file = byTensor.get(tensor);
        if (file == null) {
            throw new TessellateException(
                    ErrorCode.TENSOR_MISMATCH, "%s has no tensor '%s'".formatted(directory, tensor));
        }
        return file;
    }

    @Override
    public void close() {
        files.forEach(SafetensorsFile::close);
    }
}
