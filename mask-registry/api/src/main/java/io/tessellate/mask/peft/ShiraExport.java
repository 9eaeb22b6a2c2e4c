package io.tessellate.mask.peft;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.id.Sha256;
import io.tessellate.mask.adapter.Adapter;
import io.tessellate.mask.adapter.WeightSource;
import io.tessellate.safetensors.DType;
import io.tessellate.safetensors.SafetensorsWriter;
import io.tessellate.safetensors.Shape;
import io.tessellate.safetensors.TensorSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Writes a view of a model as a SHiRA adapter of PEFT (<a href="https://arxiv.org/abs/2406.13175">2406.13175</a>): the base
 * and this adapter are the view, up to the rounding of new = base + difference in fp32. SHiRA gives every layer rank times
 * (inputs + outputs) entries; the rank is the smallest that holds the fullest layer, and what is left over is filled with
 * entries of difference 0. The head of the view's last task lies beside it as {@code head.safetensors}.
 */
public final class ShiraExport {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String WEIGHT = ".weight";

    private final String prefix;

    /**
     * An export for models whose tensor names begin with a prefix that the model class does not have, for example
     * {@code bert.}; empty for none.
     */
    public ShiraExport(String prefix) {
        this.prefix = prefix;
    }

    /**
     * Writes {@code adapter_config.json}, {@code adapter_model.safetensors} and, if the last task has a head of its own,
     * {@code head.safetensors} into a directory that must be empty or absent.
     *
     * @param adapters of the view, in the order of their commit; the last one's head is exported
     * @param base values of the base model
     * @param baseName what the configuration names as the base: a path or a repository
     * @return digest of the adapter's weight file
     * @throws TessellateException INVALID_ARGUMENT if there is no adapter, if one sets a whole tensor, or if the view is too dense
     */
    public Sha256 write(Path directory, List<Adapter> adapters, WeightSource base, String baseName) {
        if (adapters.isEmpty()) {
            throw new TessellateException(
                    ErrorCode.INVALID_ARGUMENT, "the base alone has no adapter that PEFT could load");
        }
        Collection<SparseDelta> deltas = SparseDelta.of(adapters, base).values();
        int rank = deltas.stream().mapToInt(SparseDelta::rank).max().orElse(1);
        List<TensorSource> tensors = new ArrayList<>();
        List<String> modules = new ArrayList<>();
        for (SparseDelta delta : deltas) {
            modules.add(module(delta));
            tensors.addAll(tensors(delta.padded(rank * (delta.rows() + delta.columns()))));
        }
        Adapter last = adapters.get(adapters.size() - 1);
        List<TensorSource> head = last.head().stream()
                .map(tensor -> TensorSource.floats(tensor.name(), tensor.shape(), tensor.values()))
                .toList();
        try {
            requireEmpty(Files.createDirectories(directory));
            Files.writeString(directory.resolve("adapter_config.json"), configuration(rank, modules, baseName));
        } catch (IOException e) {
            throw new TessellateException(ErrorCode.STORAGE, "%s cannot be written".formatted(directory), e);
        }
        if (!head.isEmpty()) {
            SafetensorsWriter.write(directory.resolve("head.safetensors"), Map.of("format", "pt"), head);
        }
        return SafetensorsWriter.write(directory.resolve("adapter_model.safetensors"), Map.of("format", "pt"), tensors);
    }

    private static void requireEmpty(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            if (entries.findAny().isPresent()) {
                throw new TessellateException(
                        ErrorCode.INVALID_ARGUMENT, directory + " must be empty to export an adapter to");
            }
        }
    }

    private String module(SparseDelta delta) {
        String name = delta.tensor();
        if (!name.startsWith(prefix) || !name.endsWith(WEIGHT)) {
            throw new TessellateException(
                    ErrorCode.INVALID_ARGUMENT,
                    "tensor '%s' must begin with '%s' and end with '%s' to belong to a linear layer"
                            .formatted(name, prefix, WEIGHT));
        }
        return name.substring(prefix.length(), name.length() - WEIGHT.length());
    }

    private List<TensorSource> tensors(SparseDelta delta) {
        String start = "base_model.model." + module(delta);
        int count = delta.indices().length;
        ByteBuffer coordinates = ByteBuffer.allocate(2 * count * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int index : delta.indices()) {
            coordinates.putInt(index / delta.columns());
        }
        for (int index : delta.indices()) {
            coordinates.putInt(index % delta.columns());
        }
        return List.of(
                TensorSource.bytes(start + ".shira_indices", DType.I32, Shape.of(2, count), coordinates.array()),
                TensorSource.floats(start + ".shira_weight", Shape.of(count), delta.differences()));
    }

    private static String configuration(int rank, List<String> modules, String baseName) {
        Map<String, Object> fields = new TreeMap<>();
        fields.put("base_model_name_or_path", baseName);
        fields.put("fan_in_fan_out", false);
        fields.put("inference_mode", true);
        fields.put("init_weights", true);
        fields.put("mask_type", "random");
        fields.put("peft_type", "SHIRA");
        fields.put("r", rank);
        fields.put("target_modules", modules);
        try {
            return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(fields) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a configuration holds only text and numbers", e);
        }
    }
}
