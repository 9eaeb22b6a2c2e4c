package io.tessellate.engine.model.weights;

import io.tessellate.mask.Mask;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The tensors whose gradients a backward pass computes. It skips the products of all others, and everything below the
 * lowest of them.
 */
public final class TrainableTensors {
    private final ParameterLayout layout;
    private final Set<String> names;

    private TrainableTensors(ParameterLayout layout, Set<String> names) {
        this.layout = layout;
        this.names = Set.copyOf(names);
    }

    /** Every tensor. */
    public static TrainableTensors all(ParameterLayout layout) {
        return where(layout, tensor -> true);
    }

    /** The tensors of these names; TENSOR_MISMATCH for a name that is none of the model's. */
    public static TrainableTensors of(ParameterLayout layout, Collection<String> names) {
        names.forEach(layout::tensor);
        return new TrainableTensors(layout, new HashSet<>(names));
    }

    /** The tensors that hold at least one weight of the mask. */
    public static TrainableTensors of(ParameterLayout layout, Mask mask) {
        return where(
                layout,
                tensor -> tensor.eligible() && mask.cardinality(mask.space().ordinal(tensor.name())) > 0);
    }

    private static TrainableTensors where(ParameterLayout layout, Predicate<ParameterTensor> chosen) {
        return new TrainableTensors(
                layout,
                layout.tensors().stream()
                        .filter(chosen)
                        .map(ParameterTensor::name)
                        .collect(Collectors.toSet()));
    }

    /** Whether the tensor of that name is among them. */
    public boolean contains(String name) {
        return names.contains(name);
    }

    /** The layout they belong to. */
    public ParameterLayout layout() {
        return layout;
    }
}
