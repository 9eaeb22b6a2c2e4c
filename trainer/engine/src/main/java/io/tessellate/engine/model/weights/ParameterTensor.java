package io.tessellate.engine.model.weights;

import io.tessellate.safetensors.Shape;
import java.util.List;

/**
 * One tensor of a model among all its parameters.
 *
 * @param name its name in the weight file
 * @param shape one or two dimensions
 * @param offset place of its first entry in the row of all parameters
 * @param bands what its outputs do; none if tasks may not own its entries
 */
public record ParameterTensor(String name, Shape shape, long offset, RoleBands bands) {
    /** The roles of its outputs. */
    List<Role> roles() {
        return bands.roles();
    }

    /** Whether tasks may own its entries. */
    public boolean eligible() {
        return !bands.roles().isEmpty();
    }

    /** The role of the entry at a flat row-major index. */
    Role role(int index) {
        return bands.of(index, rows(), columns());
    }

    /** Number of entries. */
    public int size() {
        return Math.toIntExact(shape.elements());
    }

    /** Output features; 1 for a vector. */
    public int rows() {
        return shape.rank() == 1 ? 1 : shape.dimension(0);
    }

    /** Input features; the length of a vector. */
    public int columns() {
        return shape.dimension(shape.rank() - 1);
    }

    /** Place after its last entry in the row of all parameters. */
    public long end() {
        return offset + size();
    }
}
