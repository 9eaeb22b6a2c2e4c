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
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;

/**
 * Where each tensor of a model lies. All its parameters are one row, in which a parameter's place is a 64-bit number; the row
 * is cut into segments, each of which one vector can hold. Tensors that are used as one matrix lie in one segment. Names are
 * those of the weight file.
 */
public final class ParameterLayout {
    /** Most parameters of a segment: what goes through them a piece at a time must not count past the last int. */
    static final int LARGEST = Integer.MAX_VALUE - (1 << 20);

    /** Most parameters that one vector of every backend holds. */
    private static final int EVERYWHERE = Integer.MAX_VALUE / Float.BYTES;

    private final List<ParameterTensor> tensors;
    private final Map<String, ParameterTensor> byName = new LinkedHashMap<>();
    private final ParameterSpace eligible;
    private final List<Segment> segments;
    private final long[] starts;
    private final long size;

    private ParameterLayout(List<ParameterTensor> tensors, List<Segment> segments) {
        this.tensors = List.copyOf(tensors);
        this.segments = List.copyOf(segments);
        this.starts = segments.stream().mapToLong(Segment::offset).toArray();
        this.size = segments.stream().mapToLong(Segment::size).sum();
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

    /** The tensors of one segment. */
    public List<ParameterTensor> tensors(Segment segment) {
        return tensors.stream()
                .filter(tensor ->
                        tensor.offset() >= segment.offset() && tensor.end() <= segment.offset() + segment.size())
                .toList();
    }

    /** Number of parameters. */
    public long size() {
        return size;
    }

    /**
     * A stretch of the row of parameters that lies in one vector.
     *
     * @param offset place of its first parameter
     * @param size how many parameters it has
     */
    public record Segment(long offset, int size) {
        /** Where a parameter of it lies in its vector. */
        public int index(long place) {
            return Math.toIntExact(place - offset);
        }
    }

    /** All segments in the order of their offsets. */
    public List<Segment> segments() {
        return segments;
    }

    /** Which segment a place of the row lies in. */
    public int segmentOf(long place) {
        Objects.checkIndex(place, size);
        int found = Arrays.binarySearch(starts, place);
        return found >= 0 ? found : -found - 2;
    }

    /** The tensor that holds a place of the row. */
    public ParameterTensor tensorAt(long place) {
        Objects.checkIndex(place, size);
        return tensors.stream()
                .filter(tensor -> place < tensor.end())
                .findFirst()
                .orElseThrow();
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

    /** The places of the weights in a mask over {@link #eligible()}. */
    public WeightPlaces places(Mask mask) {
        return WeightPlaces.of(this, mask);
    }

    @Override
    public boolean equals(Object other) {
        return this == other
                || other instanceof ParameterLayout layout
                        && tensors.equals(layout.tensors)
                        && segments.equals(layout.segments);
    }

    @Override
    public int hashCode() {
        return tensors.hashCode();
    }

    @Override
    public String toString() {
        return "%d parameters in %d tensors, %d segments".formatted(size, tensors.size(), segments.size());
    }

    /** Puts tensors one after the other. */
    public static final class Builder {
        private final List<ParameterTensor> tensors = new ArrayList<>();
        private final List<Segment> segments = new ArrayList<>();
        private int first;
        private long from;
        private long size;

        private Builder() {}

        /** Ends the segment: what follows is no part of a matrix with what came before, and lies in another vector. */
        public Builder segment() {
            if (size > from) {
                if (size - from > LARGEST) {
                    throw tooLarge();
                }
                segments.add(new Segment(from, (int) (size - from)));
                from = size;
                first = tensors.size();
            }
            return this;
        }

        private TessellateException tooLarge() {
            List<String> names = tensors.subList(first, tensors.size()).stream()
                    .map(ParameterTensor::name)
                    .toList();
            return new TessellateException(
                    ErrorCode.UNSUPPORTED_MODEL,
                    "%d parameters of the tensors %s are used together and more than the %d one vector can hold"
                            .formatted(size - from, names, LARGEST));
        }

        /** Adds a vector. */
        public Builder vector(String name, int length) {
            return add(name, Shape.of(length), RoleBands.NONE);
        }

        /** Adds a matrix that tasks cannot own entries of: a table, which lies apart where it would not fit into a vector with what came before. */
        public Builder matrix(String name, int rows, int columns) {
            if (size - from + (long) rows * columns > EVERYWHERE) {
                segment();
            }
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
            if (shape.elements() > LARGEST) {
                throw new TessellateException(
                        ErrorCode.UNSUPPORTED_MODEL,
                        "tensor '%s' of shape %s has more than the %d entries one vector can hold"
                                .formatted(name, shape, LARGEST));
            }
            tensors.add(new ParameterTensor(name, shape, size, bands));
            size += shape.elements();
            return this;
        }

        /** The layout as filled so far. */
        public ParameterLayout build() {
            segment();
            return new ParameterLayout(tensors, segments);
        }
    }
}
