package io.tessellate.mask;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The eligible weights of a model: an ordered list of matrices. A weight is known by its tensor's ordinal and its flat
 * (row-major) index therein, or by its index in the concatenation of all tensors.
 */
public final class ParameterSpace {
    private final List<EligibleTensor> tensors;
    private final Map<String, Integer> ordinals;
    private final long[] offsets;

    /** The space of these tensors, in this order. */
    public ParameterSpace(List<EligibleTensor> tensors) {
        this.tensors = List.copyOf(tensors);
        this.ordinals = ordinals(this.tensors);
        this.offsets = new long[this.tensors.size() + 1];
        for (int t = 0; t < this.tensors.size(); t++) {
            offsets[t + 1] = offsets[t] + this.tensors.get(t).size();
        }
    }

    private static Map<String, Integer> ordinals(List<EligibleTensor> tensors) {
        Map<String, Integer> ordinals = new HashMap<>();
        for (EligibleTensor tensor : tensors) {
            if (ordinals.putIfAbsent(tensor.name(), ordinals.size()) != null) {
                throw new TessellateException(
                        ErrorCode.INVALID_ARGUMENT, "eligible tensor '%s' is listed twice".formatted(tensor.name()));
            }
        }
        return ordinals;
    }

    /** All tensors in order. */
    public List<EligibleTensor> tensors() {
        return tensors;
    }

    /** How many tensors there are. */
    public int tensorCount() {
        return tensors.size();
    }

    /** One tensor by its ordinal. */
    public EligibleTensor tensor(int ordinal) {
        return tensors.get(ordinal);
    }

    /** Whether a tensor of that name is eligible. */
    public boolean contains(String name) {
        return ordinals.containsKey(name);
    }

    /** Ordinal of a tensor; TENSOR_MISMATCH if none of that name is eligible. */
    public int ordinal(String name) {
        Integer ordinal = ordinals.get(name);
        if (ordinal == null) {
            throw new TessellateException(
                    ErrorCode.TENSOR_MISMATCH, "tensor '%s' is not among the model's eligible tensors".formatted(name));
        }
        return ordinal;
    }

    /** Number of eligible weights. */
    public long size() {
        return offsets[tensors.size()];
    }

    /** Where a tensor begins in the concatenation of all. */
    public long offset(int ordinal) {
        return offsets[ordinal];
    }

    /** The weight at a position of the concatenation. */
    public Location locate(long position) {
        if (position < 0 || position >= size()) {
            throw new IndexOutOfBoundsException("position %d of %d eligible weights".formatted(position, size()));
        }
        int found = Arrays.binarySearch(offsets, position);
        int ordinal = found >= 0 ? found : -found - 2;
        return new Location(ordinal, (int) (position - offsets[ordinal]));
    }

    /**
     * One weight.
     *
     * @param tensor ordinal of its tensor
     * @param index row-major index in the tensor
     */
    public record Location(int tensor, int index) {}

    @Override
    public boolean equals(Object other) {
        return this == other || other instanceof ParameterSpace space && tensors.equals(space.tensors);
    }

    @Override
    public int hashCode() {
        return tensors.hashCode();
    }

    @Override
    public String toString() {
        return "%d weights in %d tensors".formatted(size(), tensors.size());
    }
}
