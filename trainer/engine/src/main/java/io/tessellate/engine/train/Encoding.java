package io.tessellate.engine.train;

import io.tessellate.dataset.Example;
import io.tessellate.dataset.Label;
import io.tessellate.engine.model.EndTokens;
import io.tessellate.engine.model.ModelConfig;
import io.tessellate.engine.model.TokenSequence;
import io.tessellate.engine.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** Turns examples into what the model sees. A task is always encoded with the length of its own recipe. */
public final class Encoding implements AutoCloseable {
    private final Tokenizer tokenizer;
    private final Set<Integer> ends;
    private final int most;

    private Encoding(Tokenizer tokenizer, Set<Integer> ends, int most) {
        this.tokenizer = tokenizer;
        this.ends = ends;
        this.most = most;
    }

    /**
     * The encoding of one recipe.
     *
     * @param tokenizerFile the base model's tokenizer
     */
    public static Encoding of(Path tokenizerFile, ModelConfig config, Recipe recipe) {
        int most = Math.min(recipe.maxLength(), config.maxPositions());
        return new Encoding(
                Tokenizer.load(tokenizerFile, most),
                EndTokens.of(tokenizerFile.toAbsolutePath().getParent()),
                most);
    }

    /** The examples in their order. */
    public List<EncodedExample> encode(Objective objective, List<Example> examples) {
        return examples.stream()
                .map(example -> objective == Objective.GENERATION ? completion(example) : encode(objective, example))
                .toList();
    }

    private EncodedExample encode(Objective objective, Example example) {
        return new EncodedExample(sequences(example), objective.target(example.label()));
    }

    /**
     * Prompt and completion are one text, as the model will see it; what the prompt alone is cut into, as far as that is how
     * the whole begins, is given. The first of the model's end tokens closes it, unless there is no room left.
     */
    private EncodedExample completion(Example example) {
        String reference = example.label().completion();
        int[] prompt = tokenizer.encode(example.prompt()).ids();
        int[] whole = tokenizer.encode(example.prompt() + reference).ids();
        int given = Arrays.mismatch(prompt, whole);
        int[] ids = whole;
        if (!ends.isEmpty() && whole.length < most && !ends.contains(whole[whole.length - 1])) {
            ids = Arrays.copyOf(whole, whole.length + 1);
            ids[whole.length] = ends.iterator().next();
        }
        TokenSequence tokens = new TokenSequence(ids, new int[ids.length]);
        return new EncodedExample(List.of(tokens), given < 0 ? whole.length : given, reference);
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
