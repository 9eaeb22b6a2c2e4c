package io.tessellate.engine.backend;

import java.util.List;

/**
 * Rotary position embeddings (Su et al. 2021, <a href="https://arxiv.org/abs/2104.09864">2104.09864</a>) of a batch's
 * tokens: within the columns of each head that turn, which are its first, column i of the first half and column i of the
 * second half are turned as a point of the plane.
 *
 * @param cos of each token's angles, [rows, turning columns of a head / 2]
 * @param sin of each token's angles, [rows, turning columns of a head / 2]
 * @param heads which heads are turned
 */
public record Rotation(Matrix cos, Matrix sin, List<HeadShape.Columns> heads) {
    /** Copies the list. */
    public Rotation {
        heads = List.copyOf(heads);
    }

    /** How many columns of a head turn. */
    public int columns() {
        return 2 * cos.columns();
    }
}
