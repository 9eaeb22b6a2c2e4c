package io.tessellate.engine.model.batch;

import io.tessellate.engine.model.config.ModelConfig;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Sequences that go through a model together. For attention they are padded to one length: that of the longest, rounded up
 * to a multiple of eight so that few different shapes occur, but never beyond the model's positions. The same sequences
 * always give the same batch.
 */
public final class Batch {
    private static final int GRANULE = 8;

    private final int length;
    private final int[] lengths;
    private final TokenRows rows;
    /** [rows], as are types, positions and the lengths of their sequences. */
    private final int[] ids;

    private final int[] types;
    private final int[] positions;
    private final int[] spans;

    private Batch(List<TokenSequence> sequences, int length, boolean packable, ModelConfig config) {
        this.length = length;
        this.lengths = sequences.stream().mapToInt(TokenSequence::length).toArray();
        this.rows = packable ? TokenRows.of(lengths, length) : TokenRows.padded(lengths.length, length);
        this.ids = new int[rows.count()];
        this.types = new int[rows.count()];
        this.positions = new int[rows.count()];
        this.spans = new int[rows.count()];
        Arrays.fill(ids, config.padToken());
        for (int b = 0; b < lengths.length; b++) {
            int start = rows.row(b, 0);
            sequences.get(b).copyTo(ids, types, start);
            for (int s = 0; s < lengths[b]; s++) {
                positions[start + s] = s;
                spans[start + s] = lengths[b];
            }
        }
        if (config.tokenTypes() < 2) {
            // A model of one segment reads none, whatever its tokenizer says.
            Arrays.fill(types, 0);
        }
    }

    /** A batch of at least one sequence for a model; fails if a sequence does not fit it. */
    public static Batch of(List<TokenSequence> sequences, ModelConfig config) {
        return of(sequences, true, config);
    }

    /**
     * The same, padded everywhere and packed nowhere: its shape follows from the number of sequences and {@link #paddedLength}
     * alone, and each sequence begins at a multiple of that length.
     */
    public static Batch padded(List<TokenSequence> sequences, ModelConfig config) {
        return of(sequences, false, config);
    }

    private static Batch of(List<TokenSequence> sequences, boolean packable, ModelConfig config) {
        int longest = sequences.stream()
                .mapToInt(TokenSequence::length)
                .max()
                .orElseThrow(() -> new IllegalArgumentException("a batch needs at least one sequence"));
        if (longest > config.maxPositions()) {
            throw new TessellateException(
                    ErrorCode.INVALID_ARGUMENT,
                    "a sequence of %d tokens exceeds the model's %d positions"
                            .formatted(longest, config.maxPositions()));
        }
        Batch batch = new Batch(sequences, padded(longest, config), packable, config);
        requireBelow("token id", batch.ids, config.vocabulary());
        requireBelow("token type", batch.types, Math.max(1, config.tokenTypes()));
        return batch;
    }

    private static int padded(int longest, ModelConfig config) {
        return Math.min(config.maxPositions(), (longest + GRANULE - 1) / GRANULE * GRANULE);
    }

    /** The length that sequences of these lengths are padded to for attention. */
    public static int paddedLength(int[] lengths, ModelConfig config) {
        return padded(IntStream.of(lengths).max().orElseThrow(), config);
    }

    /** The rows that sequences of these lengths have outside attention. */
    public static int rows(int[] lengths, ModelConfig config) {
        return TokenRows.count(lengths, paddedLength(lengths, config));
    }

    private static void requireBelow(String what, int[] values, int limit) {
        for (int value : values) {
            if (value < 0 || value >= limit) {
                throw new TessellateException(
                        ErrorCode.INVALID_ARGUMENT, "%s %d is outside 0 to %d".formatted(what, value, limit - 1));
            }
        }
    }

    /** Number of sequences. */
    public int size() {
        return lengths.length;
    }

    /** Length the sequences are padded to for attention. */
    public int length() {
        return length;
    }

    /** Real tokens of one sequence. */
    public int length(int sequence) {
        return lengths[sequence];
    }

    /** Row of the last hidden vectors that a token's is in. */
    public int row(int sequence, int position) {
        return rows.row(sequence, position);
    }

    /** Which row each token has. */
    public TokenRows rows() {
        return rows;
    }

    /** Tokens of each sequence; not to be changed. */
    public int[] lengths() {
        return lengths;
    }

    /** What the embeddings are looked up by. */
    public TokenInput tokens() {
        return new TokenInput(ids, types, positions, spans);
    }
}
