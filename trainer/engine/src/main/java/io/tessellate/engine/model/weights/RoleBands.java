package io.tessellate.engine.model.weights;

import java.util.List;

/**
 * What the outputs of a linear layer do, in bands of equal width.
 *
 * @param roles of the bands, from the first output to the last; none if tasks may not own the weights
 * @param byRows whether outputs are rows, not columns
 */
public record RoleBands(List<Role> roles, boolean byRows) {
    /** Of tensors that tasks may not own entries of. */
    static final RoleBands NONE = new RoleBands(List.of(), true);

    /** Copies the list. */
    public RoleBands {
        roles = List.copyOf(roles);
    }

    /** The role of the entry at a flat row-major index of a matrix. */
    Role of(int index, int rows, int columns) {
        return byRows
                ? roles.get((int) ((long) (index / columns) * roles.size() / rows))
                : roles.get((int) ((long) (index % columns) * roles.size() / columns));
    }
}
