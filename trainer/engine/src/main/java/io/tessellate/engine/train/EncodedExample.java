package io.tessellate.engine.train;

import io.tessellate.engine.model.Batch;
import io.tessellate.engine.model.ModelConfig;
import io.tessellate.engine.model.TokenSequence;
import java.util.List;

/**
 * An example as the model sees it.
 *
 * @param sequences what goes through the model: one sequence, or one for each choice
 * @param target number of its class or of its right choice, or its real value; of a completion the number of tokens before it
 * @param reference the completion as text; else empty
 */
public record EncodedExample(List<TokenSequence> sequences, double target, String reference) {
    /** Copies the sequences and refuses an example without one. */
    public EncodedExample {
        sequences = List.copyOf(sequences);
        if (sequences.isEmpty()) {
            throw new IllegalArgumentException("an example needs at least one sequence");
        }
    }

    /** An example of one sequence. */
    public EncodedExample(TokenSequence tokens, double target) {
        this(List.of(tokens), target);
    }

    /** An example without a reference. */
    public EncodedExample(List<TokenSequence> sequences, double target) {
        this(sequences, target, "");
    }

    /** Tokens of its completion; the first token of all is never predicted. */
    int completionTokens() {
        return Math.max(0, sequences.get(0).length() - Math.max(1, (int) target));
    }

    /** Tokens of the longest sequence. */
    int length() {
        return sequences.stream().mapToInt(TokenSequence::length).max().orElseThrow();
    }

    /** The sequences of some examples as one batch, example after example. */
    static Batch batch(List<EncodedExample> examples, ModelConfig config) {
        return Batch.of(
                examples.stream().flatMap(example -> example.sequences.stream()).toList(), config);
    }

    /** Number of sequences of each example. */
    static int[] sizes(List<EncodedExample> examples) {
        return examples.stream().mapToInt(example -> example.sequences.size()).toArray();
    }
}
