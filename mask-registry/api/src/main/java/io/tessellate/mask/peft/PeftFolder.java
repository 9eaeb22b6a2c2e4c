package io.tessellate.mask.peft;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.file.EmptyFolder;
import io.tessellate.id.Sha256;
import io.tessellate.mask.adapter.Adapter;
import io.tessellate.safetensors.SafetensorsWriter;
import io.tessellate.safetensors.TensorSource;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What every exported adapter of PEFT has in common: its two files, the head beside them, and how layers are named.
 *
 * @param model the class that they are loaded on
 */
record PeftFolder(PeftClass model) {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Map<String, String> METADATA = Map.of("format", "pt");

    /** INVALID_ARGUMENT for a view without an adapter. */
    static Adapter last(List<Adapter> adapters) {
        if (adapters.isEmpty()) {
            throw new TessellateException(
                    ErrorCode.INVALID_ARGUMENT, "the base alone has no adapter that PEFT could load");
        }
        return adapters.get(adapters.size() - 1);
    }

    /**
     * Writes {@code adapter_config.json}, {@code adapter_model.safetensors} and, if the last task has a head of its own,
     * {@code head.safetensors}.
     *
     * @param directory must be empty or absent
     * @param configuration the fields that differ from one kind of adapter to another
     * @return digest of the adapter's weight file
     */
    Sha256 write(
            Path directory,
            Map<String, Object> configuration,
            PeftBase base,
            List<String> layers,
            List<TensorSource> tensors,
            Adapter last) {
        Map<String, Object> fields = new TreeMap<>(configuration);
        fields.put("base_model_name_or_path", base.nameOrPath());
        base.revision().ifPresent(revision -> fields.put("revision", revision));
        fields.put("task_type", model.taskType());
        fields.put("fan_in_fan_out", model.transposed());
        fields.put("inference_mode", true);
        fields.put("target_modules", layers.stream().map(model::module).toList());
        EmptyFolder.begin(directory, "to export an adapter to", "adapter_config.json", text(fields));
        writeHead(directory, last);
        return SafetensorsWriter.write(directory.resolve("adapter_model.safetensors"), METADATA, tensors);
    }

    private static void writeHead(Path directory, Adapter last) {
        List<TensorSource> head = last.head().stream()
                .map(tensor -> TensorSource.floats(tensor.name(), tensor.shape(), tensor.values()))
                .toList();
        if (!head.isEmpty()) {
            SafetensorsWriter.write(directory.resolve("head.safetensors"), METADATA, head);
        }
    }

    private static String text(Map<String, Object> fields) {
        try {
            return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(fields) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a configuration holds only text and numbers", e);
        }
    }
}
