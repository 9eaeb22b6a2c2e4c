package io.tessellate.engine.model.files;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tessellate.engine.model.config.Architecture;
import io.tessellate.engine.model.config.JsonFile;
import io.tessellate.engine.model.head.Head;
import io.tessellate.engine.model.weights.ParameterTensor;
import io.tessellate.engine.model.weights.Weights;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.file.EmptyFolder;
import io.tessellate.id.Sha256;
import io.tessellate.safetensors.DType;
import io.tessellate.safetensors.SafetensorsWriter;
import io.tessellate.safetensors.Shape;
import io.tessellate.safetensors.TensorSource;
import java.io.IOException;
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

    /** What a head reads, for whoever opens its file. */
    private static final String FEATURES =
            "last hidden vector of the first token (a decoder's last); then, if there are twice"
                    + " as many features as it has entries, the mean over tokens";

    private static final List<String> TYPE_FIELDS = List.of("torch_dtype", "dtype");
    private static final String TIED = "tie_word_embeddings";

    /** Element type of exported weights. */
    public enum Precision {
        /** As in the base's files. Values trained in single precision are rounded where those hold fewer bits. */
        ORIGINAL,
        /** Single precision: exactly the values the engine computes with. */
        SINGLE
    }

    /** What the base's weights have become. */
    public interface ChangedValues {
        /** Whether a tensor may have others than in the base. */
        boolean changes(String tensor);

        /** Changes what of a tensor's values, row-major, is to be changed. */
        void change(String tensor, float[] values);
    }

    /**
     * Writes the directory, the weight file last. An existing directory is refused unless it is empty. One tensor is in
     * memory at a time, and what nothing changes is copied from file to file.
     *
     * @return digest of the weight file
     */
    public Sha256 write(ChangedValues changes, Path directory) {
        try (BaseValues values = base.values()) {
            return write(
                    directory,
                    values,
                    (tensor, type) ->
                            type.equals(values.region(tensor.name()).info().dtype()) && !changes.changes(tensor.name())
                                    ? TensorSource.copy(tensor.name(), values.region(tensor.name()))
                                    : TensorSource.floats(
                                            tensor.name(),
                                            type,
                                            tensor.shape(),
                                            () -> changed(tensor.name(), values, changes)));
        }
    }

    private static float[] changed(String tensor, BaseValues base, ChangedValues changes) {
        float[] values = base.get(tensor);
        changes.change(tensor, values);
        return values;
    }

    /** The same of weights in memory. */
    public Sha256 write(Weights weights, Path directory) {
        if (!weights.layout().equals(base.layout())) {
            throw new TessellateException(
                    ErrorCode.TENSOR_MISMATCH,
                    "weights of %s are not those of %s".formatted(weights.layout(), base.directory()));
        }
        try (BaseValues values = base.values()) {
            return write(
                    directory,
                    values,
                    (tensor, type) ->
                            TensorSource.floats(tensor.name(), type, tensor.shape(), () -> weights.get(tensor.name())));
        }
    }

    /** A tensor to be written as some type. */
    private interface Source {
        TensorSource of(ParameterTensor tensor, DType type);
    }

    private Sha256 write(Path directory, BaseValues values, Source source) {
        writeFiles(directory);
        return SafetensorsWriter.write(
                directory.resolve(BaseModel.WEIGHTS), Map.of("format", "pt"), tensors(values, source));
    }

    /** Writes a task's head beside the weights: {@code weight} [labels, features] and {@code bias} [labels]. */
    public static Sha256 writeHead(Head head, Path directory) {
        return writeHeadFile(head, directory.resolve(HEAD));
    }

    /** Writes a task's head to a file of this name, for directories with the heads of several tasks. */
    public static Sha256 writeHeadFile(Head head, Path file) {
        return SafetensorsWriter.write(
                file,
                Map.of("format", "pt", "features", FEATURES),
                List.of(
                        TensorSource.floats("weight", Shape.of(head.labels(), head.features()), head.weight()),
                        TensorSource.floats("bias", Shape.of(head.labels()), head.bias())));
    }

    /** Writes what belongs to the base besides its weights into a directory that must be empty or absent. */
    public void writeFiles(Path directory) {
        EmptyFolder.begin(directory, "to export a model to", BaseModel.CONFIG, config());
        try {
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
    private List<TensorSource> tensors(BaseValues values, Source source) {
        List<TensorSource> tensors = new ArrayList<>();
        for (ParameterTensor tensor : base.layout().tensors()) {
            DType type = precision == Precision.SINGLE
                    ? DType.F32
                    : values.region(tensor.name()).info().dtype();
            tensors.add(source.of(tensor, type));
        }
        for (String name : base.ignored()) {
            tensors.add(TensorSource.copy(name, values.region(name)));
        }
        return tensors;
    }
}
