package io.tessellate.engine.model.files;

import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.model.config.ModelConfig;
import io.tessellate.engine.model.family.ConfigJson;
import io.tessellate.engine.model.family.Family;
import io.tessellate.engine.model.family.TensorNames;
import io.tessellate.engine.model.weights.ParameterLayout;
import io.tessellate.engine.model.weights.ParameterTensor;
import io.tessellate.engine.model.weights.TensorReader;
import io.tessellate.engine.model.weights.TransformerLayout;
import io.tessellate.engine.model.weights.WeightBytes;
import io.tessellate.engine.model.weights.Weights;
import io.tessellate.engine.storage.SharedSegments;
import io.tessellate.id.Sha256;
import io.tessellate.safetensors.DType;
import io.tessellate.safetensors.SafetensorsWriter;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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
    private final List<String> remarks;

    private BaseModel(
            Path directory, ModelConfig config, ParameterLayout layout, List<String> ignored, List<String> remarks) {
        this.directory = directory;
        this.config = config;
        this.layout = layout;
        this.ignored = List.copyOf(ignored);
        this.remarks = List.copyOf(remarks);
    }

    /**
     * Reads the configuration and checks that the weight files hold exactly what it asks for; names every tensor that is
     * missing, unknown or of another shape.
     */
    public static BaseModel load(Path directory) {
        new DirectoryCheck(directory).run();
        ModelConfig stated = ConfigJson.read(directory.resolve(CONFIG));
        if (stated.causal()) {
            EndTokens.requireWithin(directory, stated.vocabulary());
        }
        try (WeightFiles files = WeightFiles.open(directory)) {
            Family family = Family.of(stated.modelType());
            ModelConfig config = new OutputHead(files, stated, family.names(stated, files.tensorNames())).resolve();
            TensorNames names = family.names(config, files.tensorNames());
            ParameterLayout layout = TransformerLayout.of(config, names);
            new WeightCheck(files, layout, names.unused()).run();
            List<String> ignored = files.tensorNames().stream()
                    .filter(name -> !layout.contains(name))
                    .toList();
            return new BaseModel(directory, config, layout, ignored, remarks(stated, config, names, ignored));
        }
    }

    private static List<String> remarks(
            ModelConfig stated, ModelConfig config, TensorNames names, List<String> ignored) {
        List<String> remarks = new ArrayList<>();
        if (!config.equals(stated)) {
            remarks.add(
                    "%s differs from %s, although tie_word_embeddings says that they are one: the former predicts tokens"
                            .formatted(names.end().head(), names.embeddings().words()));
        }
        if (!ignored.isEmpty()) {
            remarks.add("tensors not used: " + names.unused().describe(ignored));
        }
        return remarks;
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

    /** Tensors of the files that are known and not used: pooler, heads of earlier trainings, buffers. */
    public List<String> ignored() {
        return ignored;
    }

    /** The files that belong to the model besides its weights, and those of the directory that do not. */
    public BaseFiles files() {
        return BaseFiles.of(directory, weightFiles());
    }

    /** What somebody who brings the model should know about how its files are understood; a line each. */
    public List<String> remarks() {
        List<String> all = new ArrayList<>(remarks);
        String leftOut = files().describeLeftOut();
        if (!leftOut.isEmpty()) {
            all.add("files not kept: " + leftOut);
        }
        return List.copyOf(all);
    }

    /**
     * What Hugging Face's classes with a head put before the names of this model's tensors, for example {@code bert.}; the
     * class of the bare model does not.
     */
    public String headedPrefix() {
        return Family.of(config.modelType()).headedPrefix();
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

    /** The values of its files, one tensor at a time; the caller closes them. */
    public BaseValues values() {
        return new BaseValues(directory, layout);
    }

    /**
     * The weights, which the caller closes. Matrices that a file holds as BF16 are kept in 16 bits where they lie: in the mapped
     * file, which must not be changed as long as they are used, once for all who use it on a machine. All others are read
     * straight into memory of the backend.
     */
    public Weights weights(Backend backend) {
        return weights(backend, new SharedSegments());
    }

    /** The same; what of them lies in the process's memory already, for others that read them with these segments, is shared. */
    public Weights weights(Backend backend, SharedSegments shared) {
        try (WeightFiles files = WeightFiles.open(directory)) {
            TensorReader reader = new FileReader(files);
            return layout.tensors().stream().anyMatch(tensor -> isShort(files, tensor))
                    ? Weights.readShort(backend, layout, tensor -> isShort(files, tensor), reader)
                    : Weights.read(backend, layout, reader, shared);
        }
    }

    /** What its weights will take; reads none of them. */
    public WeightBytes weightBytes() {
        try (WeightFiles files = WeightFiles.open(directory)) {
            return WeightBytes.of(layout, tensor -> isShort(files, tensor));
        }
    }

    private record FileReader(WeightFiles files) implements TensorReader {
        @Override
        public void read(ParameterTensor tensor, int first, int count, FloatBuffer target) {
            files.read(tensor.name(), first, count, target);
        }

        @Override
        public Optional<ShortBuffer> inPlace(ParameterTensor tensor, int first, int count) {
            return isShort(files, tensor)
                    ? Optional.of(files.mapped(tensor.name(), first, count).asShortBuffer())
                    : Optional.empty();
        }
    }

    private static boolean isShort(WeightFiles files, ParameterTensor tensor) {
        return tensor.shape().rank() == 2 && files.info(tensor.name()).dtype() == DType.BF16;
    }
}
