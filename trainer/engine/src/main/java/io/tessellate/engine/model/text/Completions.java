package io.tessellate.engine.model.text;

import io.tessellate.engine.backend.Matrix;
import io.tessellate.engine.model.batch.Batch;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Sequences whose later tokens are to be predicted from those before them. The first of each, its prompt, are given and do
 * not count.
 */
public final class Completions {
    private final Batch batch;
    private final int[] rows;
    private final int[] tokens;
    private final int[] starts;

    /**
     * Completions of one batch.
     *
     * @param batch prompts and completions together
     * @param prompts tokens of each prompt; the first token of a sequence is never predicted, even if this is 0
     */
    public Completions(Batch batch, int... prompts) {
        if (prompts.length != batch.size()) {
            throw new IllegalArgumentException("%d prompts for %d sequences".formatted(prompts.length, batch.size()));
        }
        this.batch = batch;
        this.starts = new int[batch.size() + 1];
        for (int b = 0; b < batch.size(); b++) {
            starts[b + 1] = starts[b] + Math.max(0, batch.length(b) - Math.max(1, prompts[b]));
        }
        this.rows = new int[starts[batch.size()]];
        this.tokens = new int[rows.length];
        for (int b = 0; b < batch.size(); b++) {
            int first = batch.length(b) - (starts[b + 1] - starts[b]);
            for (int i = starts[b]; i < starts[b + 1]; i++) {
                int position = first + i - starts[b];
                rows[i] = batch.row(b, position - 1);
                tokens[i] = batch.tokens().ids()[batch.row(b, position)];
            }
        }
    }

    /** Prompts and completions. */
    public Batch batch() {
        return batch;
    }

    /** Number of tokens that count. */
    public int count() {
        return rows.length;
    }

    /** Number of tokens of one sequence that count. */
    public int count(int sequence) {
        return starts[sequence + 1] - starts[sequence];
    }

    /** The hidden vectors that predict the tokens of some sequences, one behind the other. */
    float[] predicting(Matrix hidden, int from, int to) {
        int[] picked = Arrays.copyOfRange(rows, starts[from], starts[to]);
        float[] vectors = new float[Math.multiplyExact(picked.length, hidden.columns())];
        for (int i = 0; i < picked.length; i++) {
            hidden.memory()
                    .get(
                            hidden.offset() + picked[i] * hidden.columns(),
                            vectors,
                            i * hidden.columns(),
                            hidden.columns());
        }
        return vectors;
    }

    /** All of them. */
    Span all() {
        return new Span(0, rows.length);
    }

    /** Those of one sequence. */
    Span of(int sequence) {
        return new Span(starts[sequence], starts[sequence + 1]);
    }

    /**
     * Some of the tokens that count.
     *
     * @param from first (inclusive)
     * @param to last (exclusive)
     */
    record Span(int from, int to) {
        /** The same in pieces of at most so many. */
        Iterable<Span> pieces(int most) {
            return () -> IntStream.iterate(from, start -> start < to, start -> start + most)
                    .mapToObj(start -> new Span(start, Math.min(to, start + most)))
                    .iterator();
        }

        int count() {
            return to - from;
        }
    }

    /** Rows of the hidden vectors that predict. */
    int[] rows(Span span) {
        return Arrays.copyOfRange(rows, span.from(), span.to());
    }

    /** What they should predict. */
    int[] tokens(Span span) {
        return Arrays.copyOfRange(tokens, span.from(), span.to());
    }
}
