package io.tessellate.engine.model.files;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tessellate.engine.model.config.JsonFile;
import io.tessellate.safetensors.SafetensorsWriter;
import io.tessellate.safetensors.TensorSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * A copy of one of the small models of {@link FamilyParityTest}, to be changed as people's models differ from it.
 *
 * @param family its {@code model_type}
 * @param directory where it lies
 * @param tensors by their names
 */
record StoredModel(String family, Path directory, Map<String, TensorSource> tensors) {
    static StoredModel copy(String family, Path directory) throws Exception {
        FamilyParityTest.copyTo(FamilyParityTest.folder(family), directory);
        Map<String, TensorSource> tensors = new LinkedHashMap<>();
        try (WeightFiles files = WeightFiles.open(directory)) {
            for (String name : List.copyOf(files.tensorNames())) {
                byte[] bytes = files.bytes(name);
                tensors.put(
                        name,
                        TensorSource.bytes(
                                name, files.info(name).dtype(), files.info(name).shape(), bytes));
            }
        }
        return new StoredModel(family, directory, tensors);
    }

    StoredModel with(TensorSource tensor) {
        tensors.put(tensor.name(), tensor);
        return this;
    }

    StoredModel without(String name) {
        tensors.remove(name);
        return this;
    }

    StoredModel config(Consumer<ObjectNode> change) throws IOException {
        ObjectNode json = JsonFile.object(directory.resolve("config.json"));
        change.accept(json);
        Files.writeString(directory.resolve("config.json"), json.toString());
        return this;
    }

    StoredModel file(String name, String text) throws IOException {
        Files.writeString(directory.resolve(name), text);
        return this;
    }

    /** Writes the weights in so many files, with an index if there are several. */
    StoredModel write(int files) throws IOException {
        try (var old = Files.list(directory)) {
            for (Path file :
                    old.filter(path -> path.toString().contains(".safetensors")).toList()) {
                Files.delete(file);
            }
        }
        if (files == 1) {
            SafetensorsWriter.write(directory.resolve("model.safetensors"), Map.of(), List.copyOf(tensors.values()));
            return this;
        }
        Map<Integer, List<TensorSource>> parts = new TreeMap<>();
        StringBuilder index = new StringBuilder();
        for (TensorSource tensor : tensors.values()) {
            int part = parts.values().stream().mapToInt(List::size).sum() % files;
            parts.computeIfAbsent(part, any -> new ArrayList<>()).add(tensor);
            index.append(index.isEmpty() ? "" : ",")
                    .append("\"%s\":\"part-%d.safetensors\"".formatted(tensor.name(), part));
        }
        parts.forEach((part, some) ->
                SafetensorsWriter.write(directory.resolve("part-%d.safetensors".formatted(part)), Map.of(), some));
        return file("model.safetensors.index.json", "{\"weight_map\":{%s}}".formatted(index));
    }
}
