package io.tessellate.engine.model.family;

import io.tessellate.engine.model.config.Architecture;
import io.tessellate.engine.model.config.ModelConfig;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/** A family of models: how its {@code config.json} describes one, and how its weight files name the tensors. */
public interface Family {
    /** All families the engine knows. */
    List<Family> ALL = List.of(
            new BertFamily(),
            new RobertaFamily("roberta"),
            new RobertaFamily("xlm-roberta"),
            new RobertaFamily("camembert"),
            new DistilBertFamily(),
            new DebertaFamily(),
            new ModernBertFamily(),
            new LlamaFamily(),
            new Gpt2Family(),
            new GptNeoFamily(),
            new OptFamily(),
            new MistralFamily(),
            new QwenFamily(false),
            new QwenFamily(true),
            new Phi3Family(),
            new GptNeoxFamily(),
            new GemmaFamily(false),
            new GemmaFamily(true));

    /** The family of that {@code model_type}; UNSUPPORTED_MODEL, naming those known, if there is none. */
    static Family of(String modelType) {
        return ALL.stream()
                .filter(family -> family.modelType().equals(modelType))
                .findFirst()
                .orElseThrow(() -> new TessellateException(
                        ErrorCode.UNSUPPORTED_MODEL,
                        "model_type '%s' is not supported; known are %s".formatted(modelType, known())));
    }

    /** The types of all families, for messages. */
    static String known() {
        return ALL.stream().map(Family::modelType).collect(Collectors.joining(", "));
    }

    /** Its {@code model_type}. */
    String modelType();

    /** What a configuration describes. */
    ModelConfig config(ConfigFields fields);

    /**
     * The names that a weight file uses, told from those in it.
     *
     * @param inFile all names of the file; none for a file yet to be written
     */
    TensorNames names(ModelConfig config, Collection<String> inFile);

    /**
     * What Hugging Face's classes with a head put before the names of the model proper, for example {@code bert.}; the class
     * of the bare model does not.
     */
    String headedPrefix();

    /** The prefix a file uses: none if a tensor is there without it. */
    static String prefix(String usual, String tensor, Collection<String> inFile) {
        return inFile.contains(tensor) ? "" : usual;
    }

    /**
     * The name of the words' table. A file of a model whose head is that table may hold it under the head's name only.
     *
     * @param usual its own name
     */
    static String words(String usual, String head, ModelConfig config, Collection<String> inFile) {
        boolean tied = config.architecture().output() == Architecture.Output.TIED;
        return tied && !inFile.contains(usual) && inFile.contains(head) ? head : usual;
    }
}
