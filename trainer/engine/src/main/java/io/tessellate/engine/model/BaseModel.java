package io.tessellate.engine.model;

import io.tessellate.engine.backend.Backend;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.id.Sha256;
import io.tessellate.safetensors.DType;
import io.tessellate.safetensors.SafetensorsWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A pretrained model in a Hugging Face directory: {@code config.json}, {@code tokenizer.json}, and {@code
 * model.safetensors} or several such files with {@code model.safetensors.index.json}. Its files are checked when it is
 * loaded; the weights are read when asked for.
 */
public final class BaseModel {
    static final String CONFIG = "config.json";
    static final String WEIGHTS = WeightFiles.ONE;
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
     * Reads the configuration and checks that the weight files hold exactly what it asks for; names every tensor that is
     * missing, unknown or of another shape.
     */
    public static BaseModel load(Path directory) {
        requireFile(directory, CONFIG);
        requireFile(directory, TOKENIZER);
        ModelConfig config = ConfigJson.read(directory.resolve(CONFIG));
        try (WeightFiles files = WeightFiles.open(directory)) {
            TensorNames names = Family.of(config.modelType()).names(config, files.tensorNames());
            ParameterLayout layout = TransformerLayout.of(config, names);
            new WeightCheck(files, layout, names.ignorable()).run();
            List<String> ignored = files.tensorNames().stream()
                    .filter(name -> !layout.contains(name))
                    .toList();
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

    /** Its parameters, named as in its files. */
    public ParameterLayout layout() {
        return layout;
    }

    /** Tensors of the files that are known and not used: pooler, pre-training heads, buffers. */
    public List<String> ignored() {
        return ignored;
    }

    /** The tokenizer's file. */
    public Path tokenizerFile() {
        return directory.resolve(TOKENIZER);
    }

    /** Names of the files that hold the weights; with an index, that too, as the last. */
    public List<String> weightFiles() {
        return WeightFiles.names(directory);
    }

    /**
     * What the base model is known by: the SHA-256 of the weight file. Of several files it is that of a list with one line
     * for each, {@code <sha256>  <name>}, in the order of their names. Reads all of them.
     */
    public Sha256 digest() {
        return WeightFiles.digest(directory);
    }

    /**
     * One file with all the weights: the one there is, or a new one of the several.
     *
     * @param directory where a new one is written, as {@code model.safetensors}
     */
    public Path oneWeightFile(Path directory) {
        if (weightFiles().equals(List.of(WEIGHTS))) {
            return this.directory.resolve(WEIGHTS);
        }
        Path one = directory.resolve(WEIGHTS);
        try (WeightFiles files = WeightFiles.open(this.directory)) {
            SafetensorsWriter.write(one, Map.of("format", "pt"), files.copies());
        }
        return one;
    }

    /**
     * Reads the weights, mapped into memory, straight into a new flat vector, which the caller closes. Matrices that a file
     * holds as BF16 are kept in 16 bits, to the same effect.
     */
    public Weights weights(Backend backend) {
        try (WeightFiles files = WeightFiles.open(directory)) {
            TensorReader reader = (tensor, first, count, target) -> files.read(tensor.name(), first, count, target);
            return layout.tensors().stream().anyMatch(tensor -> isShort(files, tensor))
                    ? Weights.readShort(backend, layout, tensor -> isShort(files, tensor), reader)
                    : Weights.read(backend, layout, reader);
        }
    }

    private static boolean isShort(WeightFiles files, ParameterTensor tensor) {
        return tensor.shape().rank() == 2 && files.info(tensor.name()).dtype() == DType.BF16;
    }
}
