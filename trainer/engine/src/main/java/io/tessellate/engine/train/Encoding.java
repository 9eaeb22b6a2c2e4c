package io.tessellate.engine.train;

import io.tessellate.dataset.Example;
import io.tessellate.dataset.Label;
import io.tessellate.engine.model.ModelConfig;
import io.tessellate.engine.model.TokenSequence;
import io.tessellate.engine.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.List;

/** Turns examples into what the model sees. A task is always encoded with the length of its own recipe. */
public final class Encoding implements AutoCloseable {
    private final Tokenizer tokenizer;

    private Encoding(Tokenizer tokenizer) {
        this.tokenizer = tokenizer;
    }

    /**
     * The encoding of one recipe.
     *
     * @param tokenizerFile the base model's tokenizer
     */
    public static Encoding of(Path tokenizerFile, ModelConfig config, Recipe recipe) {
        return new Encoding(Tokenizer.load(tokenizerFile, Math.min(recipe.maxLength(), config.maxPositions())));
    }

    /** The examples in their order. */
    public List<EncodedExample> encode(Objective objective, List<Example> examples) {
        return examples.stream()
                .map(example -> new EncodedExample(sequences(example), objective.target(example.label())))
                .toList();
    }

    /** A choice is read as the second text after its prompt. */
    private List<TokenSequence> sequences(Example example) {
        if (example.label() instanceof Label.Choice choice) {
            return choice.choices().stream()
                    .map(text -> tokenizer.encode(example.text(), text))
                    .toList();
        }
        return List.of(tokens(example));
    }

    private TokenSequence tokens(Example example) {
        String pair = example.textPair();
        return pair == null ? tokenizer.encode(example.text()) : tokenizer.encode(example.text(), pair);
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}
