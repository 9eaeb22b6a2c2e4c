package io.tessellate.mask.adapter;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.mask.EligibleTensor;
import io.tessellate.mask.Mask;
import io.tessellate.mask.ParameterSpace;
import io.tessellate.safetensors.Shape;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * What one task adds to a model: new values on its mask, its head, and where they come from.
 *
 * @param updates one per touched tensor; kept in ascending order of names
 * @param head the task's own dense tensors; kept in ascending order of names
 * @param factors of those updates that are low-rank changes of whole matrices; kept in ascending order of names
 */
public record Adapter(
        AdapterMetadata metadata, List<TensorUpdate> updates, List<HeadTensor> head, List<Factors> factors) {
    public Adapter {
        updates = sorted("update of tensor", updates, TensorUpdate::name);
        head = sorted("head tensor", head, HeadTensor::name);
        factors = sorted("factors of tensor", factors, Factors::tensor);
        for (Factors each : factors) {
            each.requireFitting(update(updates, each.tensor())
                    .orElseThrow(() -> new TessellateException(
                            ErrorCode.TENSOR_MISMATCH,
                            "tensor '%s' has factors but no update".formatted(each.tensor()))));
        }
    }

    /** An adapter that is no low-rank change. */
    public Adapter(AdapterMetadata metadata, List<TensorUpdate> updates, List<HeadTensor> head) {
        this(metadata, updates, head, List.of());
    }

    private static <T> List<T> sorted(String what, List<T> items, Function<T, String> name) {
        List<T> sorted = items.stream().sorted(Comparator.comparing(name)).toList();
        for (int n = 1; n < sorted.size(); n++) {
            String current = name.apply(sorted.get(n));
            if (current.equals(name.apply(sorted.get(n - 1)))) {
                throw new TessellateException(
                        ErrorCode.INVALID_ARGUMENT, "%s '%s' must be there once".formatted(what, current));
            }
        }
        return sorted;
    }

    /** Number of weights it sets, the head not counted. */
    public long entries() {
        return updates.stream().mapToLong(TensorUpdate::count).sum();
    }

    /** The update of a tensor, if it touches it. */
    public Optional<TensorUpdate> update(String tensor) {
        return update(updates, tensor);
    }

    private static Optional<TensorUpdate> update(List<TensorUpdate> updates, String tensor) {
        int low = 0;
        int high = updates.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int order = updates.get(middle).name().compareTo(tensor);
            if (order == 0) {
                return Optional.of(updates.get(middle));
            }
            low = order < 0 ? middle + 1 : low;
            high = order < 0 ? high : middle - 1;
        }
        return Optional.empty();
    }

    /** A tensor of the head, if there is one of that name. */
    public Optional<HeadTensor> headTensor(String name) {
        return head.stream().filter(tensor -> tensor.name().equals(name)).findFirst();
    }

    /**
     * The eligible weights it sets. TENSOR_MISMATCH if an eligible tensor has another shape here, or if single entries of a
     * tensor are set that is not eligible; whole tensors that are not eligible are left out of the mask.
     */
    public Mask mask(ParameterSpace space) {
        Mask.Builder mask = Mask.builder(space);
        for (TensorUpdate update : updates) {
            if (space.contains(update.name())) {
                int ordinal = space.ordinal(update.name());
                requireSameShape(space.tensor(ordinal), update);
                if (update.index() instanceof EntryIndex.All) {
                    mask.addAll(update.name());
                } else {
                    update.index().forEach(entry -> mask.add(ordinal, entry));
                }
            } else if (!(update.index() instanceof EntryIndex.All)) {
                throw new TessellateException(
                        ErrorCode.TENSOR_MISMATCH,
                        "adapter of %s sets single entries of tensor '%s', which is not eligible"
                                .formatted(metadata.task(), update.name()));
            }
        }
        return mask.build();
    }

    private void requireSameShape(EligibleTensor tensor, TensorUpdate update) {
        if (!update.shape().equals(Shape.of(tensor.rows(), tensor.columns()))) {
            throw new TessellateException(
                    ErrorCode.TENSOR_MISMATCH,
                    "adapter of %s has tensor '%s' in shape %s, the model in [%d, %d]"
                            .formatted(
                                    metadata.task(), tensor.name(), update.shape(), tensor.rows(), tensor.columns()));
        }
    }
}
