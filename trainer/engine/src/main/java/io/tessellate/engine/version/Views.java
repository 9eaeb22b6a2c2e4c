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
import java.util.List;

/**
 * The views of a version: its base with the first so many of its adapters assigned. One copy of the weights goes from view
 * to view; each move costs as much as the entries it sets or restores, and restores exactly, because the values that an
 * adapter replaced are kept rather than computed. The weights handed out belong to this object and change with the next
 * call.
 */
public final class Views implements AutoCloseable {
    private final Weights weights;
    private final List<Adapter> adapters;
    private final Deque<List<float[]>> replaced = new ArrayDeque<>();

    /**
     * Views of the base with these adapters in the order of their commits.
     *
     * @param base the base's values; taken over, and closed with this object
     */
    public Views(Weights base, List<Adapter> adapters) {
        adapters.forEach(adapter -> requireFitting(base.layout(), adapter));
        this.weights = base;
        this.adapters = new ArrayList<>(adapters);
    }

    static void requireFitting(ParameterLayout layout, Adapter adapter) {
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
    }

    /** The base alone. */
    public Weights base() {
        return with(0);
    }

    /** All adapters applied. */
    public Weights union() {
        return with(adapters.size());
    }

    /** The adapters up to and including that of the task, counted from 0, and none after it. */
    public Weights task(int ordinal) {
        return with(ordinal + 1);
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

    private Weights with(int count) {
        while (replaced.size() > count) {
            Adapter last = adapters.get(replaced.size() - 1);
            List<float[]> old = replaced.pop();
            for (int u = 0; u < old.size(); u++) {
                TensorUpdate update = last.updates().get(u);
                weights.assign(update.name(), update.indices(), old.get(u));
            }
        }
        while (replaced.size() < count) {
            replaced.push(apply(adapters.get(replaced.size())));
        }
        return weights;
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
