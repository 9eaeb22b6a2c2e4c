package io.tessellate.engine.backend;

/**
 * The matrices of multi-head attention over padded sequences, or the gradients of them. Made by {@link
 * AttentionKernels#attention}.
 */
public interface Attention {
    /** Sequences and heads. */
    HeadShape shape();

    /** Query, key and value side by side, [tokens, (heads + 2 x keyValueHeads) x width]. */
    Matrix projections();

    /** The probabilities, [scoreRows, length]. What padding and keys out of reach hold is not specified. */
    Matrix scores();

    /** The heads' results side by side, [tokens, heads x width]. */
    Matrix context();

    /**
     * Attention that knows how far tokens are apart (disentangled attention, He et al. 2021, <a
     * href="https://arxiv.org/abs/2006.03654">2006.03654</a>), or the gradients of it: the raw score of query i and key j is
     * {@code Q_i K_j + Q_i K'_p + Q'_p K_j}, where Q' and K' are queries and keys of places relative to a token, and p is the
     * place {@code i - j}.
     *
     * @param tokens what attention consists of anyhow; each query head has a key of its own, they lie part by part, and
     *     scores are not capped
     * @param places queries and keys of relative places, [places, heads x width or more], laid out as those of tokens; what else
     *     lies in a row is not used, and its gradient 0
     * @param rows for each {@code i - j} from {@code 1 - length} to {@code length - 1} the row of its place; several may share one
     */
    record Disentangled(Attention tokens, Matrix places, int[] rows) {
        /** Checks that there is a row for every pair of tokens. */
        public Disentangled {
            HeadShape shape = tokens.shape();
            if (shape.group() != 1 || places.columns() != shape.projectionColumns()) {
                throw new IllegalArgumentException(
                        "places of %d columns do not belong to %s".formatted(places.columns(), shape));
            }
            if (shape.softCap() != 0 || shape.order() != HeadShape.Order.BY_PART) {
                throw new IllegalArgumentException(
                        "scores with places are not capped, and heads lie part by part: " + shape);
            }
            if (rows.length != 2 * shape.length() - 1) {
                throw new IllegalArgumentException("%d tokens lie %d ways apart, not %d"
                        .formatted(shape.length(), 2 * shape.length() - 1, rows.length));
            }
            for (int row : rows) {
                if (row < 0 || row >= places.rows()) {
                    throw new IllegalArgumentException("place %d is none of %d".formatted(row, places.rows()));
                }
            }
        }
    }
}
