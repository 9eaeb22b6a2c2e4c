package io.tessellate.engine.version;

import io.tessellate.engine.model.head.Head;
import io.tessellate.engine.model.weights.ParameterLayout;
import io.tessellate.engine.model.weights.Weights;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.mask.adapter.Adapter;
import io.tessellate.mask.adapter.HeadTensor;
import io.tessellate.mask.adapter.TensorUpdate;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;

/**
 * The views of a version: its base with all of its adapters assigned, or with those of a task's own view, which need not be among
 * them. One copy of the weights goes from view to view; each move costs as much as the entries it sets or restores, and restores
 * exactly, because the values that an adapter replaced are kept rather than computed. The weights handed out belong to this object
 * and change with the next call.
 */
public final class Views implements AutoCloseable {
    private final Weights weights;
    private final List<Adapter> adapters = new ArrayList<>();
    private final List<List<Adapter>> own = new ArrayList<>();
    private final Deque<Assigned> assigned = new ArrayDeque<>();

    /** An adapter whose values are in the weights, and what was there before. */
    private record Assigned(Adapter adapter, List<float[]> replaced) {}

    /**
     * Views of the base with these adapters in the order of their commits; each task's own view ends with its adapter.
     *
     * @param base the base's values; taken over, and closed with this object
     */
    public Views(Weights base, List<Adapter> adapters) {
        this.weights = base;
        adapters.forEach(this::commit);
    }

    /**
     * The same with given views of the tasks.
     *
     * @param own for each adapter those that make its task's own view, itself last; an adapter that is in several is one object
     */
    public Views(Weights base, List<Adapter> adapters, List<List<Adapter>> own) {
        this.weights = base;
        if (own.size() != adapters.size()) {
            throw new IllegalArgumentException(
                    "%d adapters must have as many views, not %d".formatted(adapters.size(), own.size()));
        }
        own.forEach(view -> view.forEach(adapter -> requireFitting(base.layout(), adapter)));
        this.adapters.addAll(adapters);
        own.forEach(view -> this.own.add(List.copyOf(view)));
    }

    private static void requireFitting(ParameterLayout layout, Adapter adapter) {
        for (TensorUpdate update : adapter.updates()) {
            if (!layout.tensor(update.name()).shape().equals(update.shape())) {
                throw new TessellateException(
                        ErrorCode.TENSOR_MISMATCH,
                        "adapter of %s has tensor '%s' in shape %s, the model in %s"
                                .formatted(
                                        adapter.metadata().task(),
                                        update.name(),
                                        update.shape(),
                                        layout.tensor(update.name()).shape()));
            }
        }
    }

    /** The adapters, in the order of their commits. */
    public List<Adapter> adapters() {
        return List.copyOf(adapters);
    }

    /** Adds the adapter of the next version. */
    public void commit(Adapter adapter) {
        requireFitting(weights.layout(), adapter);
        adapters.add(adapter);
        own.add(List.copyOf(adapters));
    }

    /** The base alone. */
    public Weights base() {
        return with(List.of());
    }

    /** All adapters applied. */
    public Weights union() {
        return with(adapters);
    }

    /** The own view of a task, counted from 0: the adapters that were there when it was committed, its own the last. */
    public Weights task(int ordinal) {
        return with(own.get(ordinal));
    }

    /** The head of a task, counted from 0. */
    public Head head(int ordinal) {
        return headOf(adapters.get(ordinal));
    }

    /** The head that an adapter brings; none if its task is trained through the model's own. */
    public static Head headOf(Adapter adapter) {
        if (adapter.head().isEmpty()) {
            return Head.none();
        }
        return Head.of(headValues(adapter, AdapterBuilder.WEIGHT), headValues(adapter, AdapterBuilder.BIAS));
    }

    private static float[] headValues(Adapter adapter, String name) {
        return adapter.headTensor(name)
                .map(HeadTensor::values)
                .orElseThrow(() -> new TessellateException(
                        ErrorCode.TENSOR_MISMATCH,
                        "adapter of %s has no head tensor '%s'"
                                .formatted(adapter.metadata().task(), name)));
    }

    /**
     * Exactly these adapters, in their order. Those that are applied already and stand in the same places are left alone: an adapter is
     * known by its object.
     */
    public Weights with(List<Adapter> wanted) {
        int common = common(wanted);
        while (assigned.size() > common) {
            Assigned last = assigned.pop();
            for (int u = 0; u < last.replaced.size(); u++) {
                TensorUpdate update = last.adapter.updates().get(u);
                weights.assign(update.name(), update.indices(), last.replaced.get(u));
            }
        }
        for (Adapter adapter : wanted.subList(common, wanted.size())) {
            requireFitting(weights.layout(), adapter);
            assigned.push(new Assigned(adapter, apply(adapter)));
        }
        return weights;
    }

    /** How many of the applied adapters are the first of the wanted ones. */
    @SuppressWarnings(
            "ReferenceEquality") // An adapter is known by its object: comparing values would read whole files.
    private int common(List<Adapter> wanted) {
        int common = 0;
        for (Iterator<Assigned> applied = assigned.descendingIterator(); applied.hasNext(); common++) {
            if (common == wanted.size() || applied.next().adapter != wanted.get(common)) {
                break;
            }
        }
        return common;
    }

    private List<float[]> apply(Adapter adapter) {
        List<float[]> old = new ArrayList<>();
        for (TensorUpdate update : adapter.updates()) {
            int[] indices = update.indices();
            old.add(weights.get(update.name(), indices));
            weights.assign(update.name(), indices, update.values());
        }
        return old;
    }

    @Override
    public void close() {
        weights.close();
    }
}
