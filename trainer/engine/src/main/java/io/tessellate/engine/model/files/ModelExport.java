package io.tessellate.engine.model.files;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tessellate.engine.model.config.Architecture;
import io.tessellate.engine.model.config.JsonFile;
import io.tessellate.engine.model.head.Head;
import io.tessellate.engine.model.weights.ParameterTensor;
import io.tessellate.engine.model.weights.Weights;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.id.Sha256;
import io.tessellate.safetensors.DType;
import io.tessellate.safetensors.SafetensorsWriter;
import io.tessellate.safetensors.Shape;
import io.tessellate.safetensors.TensorInfo;
import io.tessellate.safetensors.TensorSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Writes weights grown on a base model as a Hugging Face directory: all files that belong to the base, and one {@code
 * model.safetensors} with the weights and whatever else the base's files hold.
 *
 * @param base what the weights were grown on
 * @param precision element type of the weights
 */
public record ModelExport(BaseModel base, Precision precision) {
    /** The file a task's head is written to. */
    public static final String HEAD = "head.safetensors";

    private static final List<String> TYPE_FIELDS = List.of("torch_dtype", "dtype");
    private static final String TIED = "tie_word_embeddings";

    /** Element type of exported weights. */
    public enum Precision {
        /** As in the base's files. Values trained in single precision are rounded where those hold fewer bits. */
        ORIGINAL,
        /** Single precision: exactly the values the engine computes with. */
        SINGLE
    }

    /**
     * Writes the directory, the weight file last. An existing directory is refused unless it is empty.
     *
     * @return digest of the weight file
     */
    public Sha256 write(Weights weights, Path directory) {
        if (!weights.layout().equals(base.layout())) {
            throw new TessellateException(
                    ErrorCode.TENSOR_MISMATCH,
                    "weights of %s are not those of %s".formatted(weights.layout(), base.directory()));
        }
        prepare(directory);
        try (WeightFiles files = WeightFiles.open(base.directory())) {
            return SafetensorsWriter.write(
                    directory.resolve(BaseModel.WEIGHTS), Map.of("format", "pt"), tensors(weights, files));
        }
    }

    /** Writes a task's head beside the weights: {@code weight} [labels, features] and {@code bias} [labels]. */
    public static Sha256 writeHead(Head head, Path directory) {
        return writeHeadFile(head, directory.resolve(HEAD));
    }

    /** Writes a task's head to a file of this name, for directories with the heads of several tasks. */
    public static Sha256 writeHeadFile(Head head, Path file) {
        return SafetensorsWriter.write(
                file,
                Map.of("format", "pt", "features", "first or last token, then mean over tokens"),
                List.of(
                        TensorSource.floats("weight", Shape.of(head.labels(), head.features()), head.weight()),
                        TensorSource.floats("bias", Shape.of(head.labels()), head.bias())));
    }

    private void prepare(Path directory) {
        try {
            Files.createDirectories(directory);
            try (var entries = Files.list(directory)) {
                if (entries.findAny().isPresent()) {
                    throw new TessellateException(
                            ErrorCode.INVALID_ARGUMENT, directory + " must be empty to export a model to");
                }
            }
            Files.writeString(directory.resolve(BaseModel.CONFIG), config(), StandardCharsets.UTF_8);
            for (String file : base.files().kept()) {
                if (!file.equals(BaseModel.CONFIG)) {
                    Files.copy(base.directory().resolve(file), directory.resolve(file));
                }
            }
        } catch (IOException e) {
            throw new TessellateException(ErrorCode.STORAGE, directory + " cannot be written: " + e.getMessage(), e);
        }
    }

    /** The base's configuration as it is written, unless it names a precision or a tie that does not hold. */
    private String config() {
        Path file = base.directory().resolve(BaseModel.CONFIG);
        ObjectNode json = JsonFile.object(file);
        ObjectNode changed = json.deepCopy();
        for (String field : TYPE_FIELDS) {
            if (precision == Precision.SINGLE && changed.hasNonNull(field)) {
                changed.put(field, "float32");
            }
        }
        if (base.config().architecture().output() == Architecture.Output.OWN) {
            changed.put(TIED, false);
        }
        return changed.equals(json) ? JsonFile.text(file) : changed.toPrettyString() + "\n";
    }

    /** The weights in the layout's order, then what the base's files hold beside them; each read when it is written. */
    private List<TensorSource> tensors(Weights weights, WeightFiles files) {
        List<TensorSource> tensors = new ArrayList<>();
        for (ParameterTensor tensor : base.layout().tensors()) {
            DType type = precision == Precision.SINGLE
                    ? DType.F32
                    : files.info(tensor.name()).dtype();
            tensors.add(TensorSource.floats(tensor.name(), type, tensor.shape(), () -> weights.get(tensor.name())));
        }
        for (String name : base.ignored()) {
            TensorInfo info = files.info(name);
            tensors.add(TensorSource.bytes(name, info.dtype(), info.shape(), () -> files.bytes(name)));
        }
        return tensors;
    }
}
