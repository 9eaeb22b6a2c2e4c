package io.tessellate.engine.data;

import io.tessellate.engine.model.batch.Batch;
import io.tessellate.engine.model.batch.TokenSequence;
import io.tessellate.engine.model.config.ModelConfig;
import io.tessellate.id.Sha256;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.stream.IntStream;

/**
 * An example as the model sees it.
 *
 * @param sequences what goes through the model: one sequence, or one for each choice
 * @param target number of its class or of its right choice, or its real value; of a completion the number of tokens before it
 * @param reference the completion as text; else empty
 * @param rivals completions to choose from by their likelihood
 * @param truncation how much of it is left
 */
public record EncodedExample(
        List<TokenSequence> sequences, double target, String reference, Rivals rivals, Truncation truncation) {
    /** Copies the sequences and refuses an example without one. */
    public EncodedExample {
        sequences = List.copyOf(sequences);
        if (sequences.isEmpty()) {
            throw new IllegalArgumentException("an example needs at least one sequence");
        }
    }

    /**
     * Completions of one prompt, one of which is right.
     *
     * @param completions each as an example of its own, without the end token that a completion to be learnt has
     * @param right number of the right one
     */
    public record Rivals(List<EncodedExample> completions, int right) {
        public static final Rivals NONE = new Rivals(List.of(), -1);

        public Rivals {
            completions = List.copyOf(completions);
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

    /** An example with nothing to choose from. */
    public EncodedExample(List<TokenSequence> sequences, double target, String reference) {
        this(sequences, target, reference, Rivals.NONE, Truncation.WHOLE);
    }

    /** The same with another target. */
    public EncodedExample with(double other) {
        return new EncodedExample(sequences, other, reference, rivals, truncation);
    }

    /** This example as one of which something is cut off. */
    public EncodedExample shortened() {
        return new EncodedExample(sequences, target, reference, rivals, Truncation.SHORTENED);
    }

    /** What it is known by, wherever it stands: a digest of its tokens, its target and its reference. */
    public Sha256 identity() {
        MessageDigest digest = Sha256.newDigest();
        for (TokenSequence sequence : sequences) {
            int[] ids = sequence.ids();
            ByteBuffer bytes =
                    ByteBuffer.allocate(Integer.BYTES * (1 + ids.length)).putInt(ids.length);
            IntStream.of(ids).forEach(bytes::putInt);
            digest.update(bytes.flip());
        }
        digest.update(ByteBuffer.allocate(Double.BYTES).putDouble(target).flip());
        digest.update(reference.getBytes(StandardCharsets.UTF_8));
        return Sha256.of(digest);
    }

    /** Tokens of its completion; the first token of all is never predicted. */
    public int completionTokens() {
        return Math.max(0, sequences.get(0).length() - Math.max(1, (int) target));
    }

    /** Tokens of the longest sequence. */
    public int length() {
        return sequences.stream().mapToInt(TokenSequence::length).max().orElseThrow();
    }

    /** The sequences of some examples as one batch, example after example. */
    public static Batch batch(List<EncodedExample> examples, ModelConfig config) {
        return Batch.of(
                examples.stream().flatMap(example -> example.sequences.stream()).toList(), config);
    }

    /** Number of sequences of each example. */
    public static int[] sizes(List<EncodedExample> examples) {
        return examples.stream().mapToInt(example -> example.sequences.size()).toArray();
    }
}
