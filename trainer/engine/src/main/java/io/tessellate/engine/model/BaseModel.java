package io.tessellate.engine.model;

import io.tessellate.engine.backend.Backend;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.id.Sha256;
import io.tessellate.safetensors.SafetensorsFile;
import io.tessellate.safetensors.TensorInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A pretrained model in a Hugging Face directory: {@code config.json}, {@code model.safetensors}, {@code
 * tokenizer.json}. Its files are checked when it is loaded; the weights are read when asked for.
 */
public final class BaseModel {
    static final String CONFIG = "config.json";
    static final String WEIGHTS = "model.safetensors";
    static final String TOKENIZER = "tokenizer.json";

    private final Path directory;
    private final ModelConfig config;
    private final ParameterLayout layout;
    private final List<String> ignored;

    private BaseModel(Path directory, ModelConfig config, ParameterLayout layout, List<String> ignored) {
        this.directory = directory;
        this.config = config;
        this.layout = layout;
        this.ignored = List.copyOf(ignored);
    }

    /**
     * Reads the configuration and checks that the weight file holds exactly what it asks for; names every tensor that is
     * missing, unknown or of another shape.
     */
    public static BaseModel load(Path directory) {
        requireFile(directory, CONFIG);
        requireFile(directory, TOKENIZER);
        if (!Files.exists(directory.resolve(WEIGHTS))
                && Files.exists(directory.resolve("model.safetensors.index.json"))) {
            throw new TessellateException(
                    ErrorCode.UNSUPPORTED_MODEL, directory + ": weights in several files are not supported");
        }
        requireFile(directory, WEIGHTS);
        ModelConfig config = ConfigJson.read(directory.resolve(CONFIG));
        try (SafetensorsFile file = SafetensorsFile.open(directory.resolve(WEIGHTS))) {
            BertNames names = BertNames.of(file.tensorNames());
            ParameterLayout layout = BertLayout.of(config, names);
            WeightFileCheck.run(file, layout, names);
            List<String> ignored =
                    file.tensorNames().stream().filter(names::ignorable).toList();
            return new BaseModel(directory, config, layout, ignored);
        }
    }

    private static void requireFile(Path directory, String name) {
        if (!Files.isRegularFile(directory.resolve(name))) {
            throw new TessellateException(ErrorCode.UNSUPPORTED_MODEL, "%s holds no %s".formatted(directory, name));
        }
    }

    /** Where it lies. */
    public Path directory() {
        return directory;
    }

    /** What it looks like. */
    public ModelConfig config() {
        return config;
    }

    /** Its parameters, named as in its file. */
    public ParameterLayout layout() {
        return layout;
    }

    /** Tensors of the file that are known and not part of the encoder: pooler and pre-training heads. */
    public List<String> ignored() {
        return ignored;
    }

    /** The tokenizer's file. */
    public Path tokenizerFile() {
        return directory.resolve(TOKENIZER);
    }

    /** The weights' file. */
    public Path weightsFile() {
        return directory.resolve(WEIGHTS);
    }

    /** SHA-256 of the weight file: what the base model is known by. Reads the whole file. */
    public Sha256 digest() {
        try {
            return Sha256.of(weightsFile());
        } catch (IOException e) {
            throw new TessellateException(ErrorCode.STORAGE, weightsFile() + " cannot be read", e);
        }
    }

    /** Reads the weights into new memory, which the caller closes. */
    public Weights weights(Backend backend) {
        Weights weights = Weights.zeros(backend, layout);
        try (SafetensorsFile file = SafetensorsFile.open(weightsFile())) {
            for (ParameterTensor tensor : layout.tensors()) {
                weights.put(tensor.name(), file.read(tensor.name()));
            }
            return weights;
        } catch (TessellateException e) {
            weights.close();
            throw e;
        }
    }

    /** Holds a weight file against the layout its configuration asks for. */
    private static final class WeightFileCheck {
        static void run(SafetensorsFile file, ParameterLayout layout, BertNames names) {
            List<String> missing = layout.tensors().stream()
                    .map(ParameterTensor::name)
                    .filter(name -> !file.contains(name))
                    .toList();
            List<String> unknown = file.tensorNames().stream()
                    .filter(name -> !layout.contains(name) && !names.ignorable(name))
                    .toList();
            if (!missing.isEmpty() || !unknown.isEmpty()) {
                throw mismatch(file, "missing tensors %s, unknown tensors %s".formatted(missing, unknown));
            }
            layout.tensors().forEach(tensor -> shape(file, tensor));
        }

        private static void shape(SafetensorsFile file, ParameterTensor tensor) {
            TensorInfo info = file.info(tensor.name());
            if (!info.shape().equals(tensor.shape()) || !info.dtype().readableAsFloat()) {
                throw mismatch(
                        file,
                        "tensor '%s' has shape %s and dtype %s, its config.json asks for %s in F32, F16 or BF16"
                                .formatted(tensor.name(), info.shape(), info.dtype(), tensor.shape()));
            }
        }

        private static TessellateException mismatch(SafetensorsFile file, String problem) {
            return new TessellateException(ErrorCode.TENSOR_MISMATCH, "%s: %s".formatted(file.path(), problem));
        }
    }
}
