package io.tessellate.engine.model.files;

import io.tessellate.engine.model.config.ModelConfig;
import io.tessellate.engine.model.family.ConfigJson;
import io.tessellate.engine.model.weights.ParameterTensor;
import io.tessellate.engine.model.weights.Weights;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.id.Sha256;
import io.tessellate.safetensors.SafetensorsWriter;
import io.tessellate.safetensors.TensorSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Writes models as Hugging Face directories. */
public final class ModelDirectory {
    private ModelDirectory() {}

    /** All tensors of some weights, to be written in single precision. */
    public static List<TensorSource> tensors(Weights weights) {
        List<TensorSource> tensors = new ArrayList<>();
        for (ParameterTensor tensor : weights.layout().tensors()) {
            tensors.add(TensorSource.floats(tensor.name(), tensor.shape(), weights.get(tensor.name())));
        }
        return tensors;
    }

    /**
     * Writes {@code config.json}, {@code tokenizer.json} and {@code model.safetensors}, the last of these last.
     *
     * @return digest of the weight file
     */
    public static Sha256 write(Path directory, ModelConfig config, String tokenizer, List<TensorSource> tensors) {
        try {
            Files.createDirectories(directory);
            Files.writeString(directory.resolve(BaseModel.CONFIG), ConfigJson.write(config), StandardCharsets.UTF_8);
            Files.writeString(directory.resolve(BaseModel.TOKENIZER), tokenizer, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new TessellateException(ErrorCode.STORAGE, directory + " cannot be written: " + e.getMessage(), e);
        }
        return SafetensorsWriter.write(directory.resolve(BaseModel.WEIGHTS), Map.of("format", "pt"), tensors);
    }
}
