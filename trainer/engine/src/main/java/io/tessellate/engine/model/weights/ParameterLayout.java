package io.tessellate.engine.model.weights;

import io.tessellate.engine.model.config.ModelConfig;
import io.tessellate.engine.model.family.Family;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.mask.EligibleTensor;
import io.tessellate.mask.Mask;
import io.tessellate.mask.ParameterSpace;
import io.tessellate.safetensors.Shape;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** Where each tensor of a model lies in its one flat vector of parameters. Names are those of the weight file. */
public final class ParameterLayout {
    private final List<ParameterTensor> tensors;
    private final Map<String, ParameterTensor> byName = new LinkedHashMap<>();
    private final ParameterSpace eligible;
    private final int size;

    private ParameterLayout(List<ParameterTensor> tensors, int size) {
        this.tensors = List.copyOf(tensors);
        this.size = size;
        this.tensors.forEach(tensor -> byName.put(tensor.name(), tensor));
        this.eligible = new ParameterSpace(this.tensors.stream()
                .filter(ParameterTensor::eligible)
                .map(tensor -> new EligibleTensor(tensor.name(), tensor.rows(), tensor.columns()))
                .toList());
    }

    /** The layout of a model, with the names that a new file gets. */
    public static ParameterLayout of(ModelConfig config) {
        return of(config, List.of());
    }

    /** The layout of a model, with the names of its family that occur in a file. */
    static ParameterLayout of(ModelConfig config, Collection<String> inFile) {
        return TransformerLayout.of(config, Family.of(config.modelType()).names(config, inFile));
    }

    /** A layout to be filled tensor by tensor. */
    public static Builder builder() {
        return new Builder();
    }

    /** All tensors in the order of their offsets. */
    public List<ParameterTensor> tensors() {
        return tensors;
    }

    /** Number of parameters. */
    public int size() {
        return size;
    }

    /** Whether there is a tensor of that name. */
    public boolean contains(String name) {
        return byName.containsKey(name);
    }

    /** One tensor; TENSOR_MISMATCH if there is none of that name. */
    public ParameterTensor tensor(String name) {
        ParameterTensor tensor = byName.get(name);
        if (tensor == null) {
            throw new TessellateException(
                    ErrorCode.TENSOR_MISMATCH, "tensor '%s' is not one of the model's".formatted(name));
        }
        return tensor;
    }

    /** The attention and feed-forward matrices, which tasks may own entries of. */
    public ParameterSpace eligible() {
        return eligible;
    }

    /** The eligible weights of some roles. */
    public Mask weights(Predicate<Role> wanted) {
        Mask.Builder weights = Mask.builder(eligible);
        for (int t = 0; t < eligible.tensorCount(); t++) {
            ParameterTensor tensor = tensor(eligible.tensor(t).name());
            if (tensor.roles().stream().allMatch(wanted)) {
                weights.addAll(tensor.name());
            } else if (tensor.roles().stream().anyMatch(wanted)) {
                add(weights, t, tensor, wanted);
            }
        }
        return weights.build();
    }

    private static void add(Mask.Builder weights, int t, ParameterTensor tensor, Predicate<Role> wanted) {
        for (int index = 0; index < tensor.size(); index++) {
            if (wanted.test(tensor.role(index))) {
                weights.add(t, index);
            }
        }
    }

    /** Positions in the flat vector of the weights in a mask over {@link #eligible()}, ascending. */
    public int[] positions(Mask mask) {
        int[] positions = new int[Math.toIntExact(mask.cardinality())];
        int[] next = {0};
        for (int t = 0; t < mask.space().tensorCount(); t++) {
            int offset = tensor(mask.space().tensor(t).name()).offset();
            mask.forEach(t, index -> positions[next[0]++] = offset + index);
        }
        return positions;
    }

    @Override
    public boolean equals(Object other) {
        return this == other || other instanceof ParameterLayout layout && tensors.equals(layout.tensors);
    }

    @Override
    public int hashCode() {
        return tensors.hashCode();
    }

    @Override
    public String toString() {
        return "%d parameters in %d tensors".formatted(size, tensors.size());
    }

    /** Puts tensors one after the other. */
    public static final class Builder {
        private final List<ParameterTensor> tensors = new ArrayList<>();
        private long size;

        private Builder() {}

        /** Adds a vector. */
        public Builder vector(String name, int length) {
            return add(name, Shape.of(length), RoleBands.NONE);
        }

        /** Adds a matrix that tasks cannot own entries of. */
        public Builder matrix(String name, int rows, int columns) {
            return add(name, Shape.of(rows, columns), RoleBands.NONE);
        }

        /** Adds a matrix that tasks can own entries of, by the roles of its columns in bands of equal width. */
        public Builder eligible(String name, int rows, int columns, List<Role> roles) {
            return eligible(name, rows, columns, new RoleBands(roles, false));
        }

        /** The same by the roles of its rows or of its columns. */
        public Builder eligible(String name, int rows, int columns, RoleBands bands) {
            return add(name, Shape.of(rows, columns), bands);
        }

        private Builder add(String name, Shape shape, RoleBands bands) {
            tensors.add(new ParameterTensor(name, shape, Math.toIntExact(size), bands));
            size += shape.elements();
            return this;
        }

        /** The layout as filled so far. */
        public ParameterLayout build() {
            if (size > Integer.MAX_VALUE / Float.BYTES) {
                throw new TessellateException(
                        ErrorCode.UNSUPPORTED_MODEL,
                        "%d parameters are more than the %d one vector can hold"
                                .formatted(size, Integer.MAX_VALUE / Float.BYTES));
            }
            return new ParameterLayout(tensors, (int) size);
        }
    }
}
