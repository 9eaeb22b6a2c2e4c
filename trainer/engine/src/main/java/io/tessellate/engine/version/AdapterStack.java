package io.tessellate.engine.version;

import io.tessellate.engine.model.weights.Weights;
import io.tessellate.mask.adapter.Adapter;
import io.tessellate.mask.adapter.TensorUpdate;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * One copy of a base's weights that goes from any list of adapters to any other: what both begin with stays, what is beyond it is
 * undone, the rest is applied. A move costs as much as the entries it sets or restores, and restores exactly, since the values that
 * an adapter replaced are kept. For one thread at a time.
 */
public final class AdapterStack implements AutoCloseable {
    private final Weights weights;
    private final List<Adapter> applied = new ArrayList<>();
    private final Deque<List<float[]>> replaced = new ArrayDeque<>();

    /** A stack without adapters; the weights are taken over, and closed with it. */
    public AdapterStack(Weights base) {
        this.weights = base;
    }

    /**
     * The weights with exactly these adapters, in this order; they belong to the stack and change with the next call. Adapters are
     * told apart by identity, so that whoever asks again brings the same objects.
     */
    public Weights with(List<Adapter> adapters) {
        int common = 0;
        while (common < Math.min(applied.size(), adapters.size()) && applied.get(common) == adapters.get(common)) {
            common++;
        }
        while (applied.size() > common) {
            undo();
        }
        for (Adapter adapter : adapters.subList(common, adapters.size())) {
            Views.requireFitting(weights.layout(), adapter);
            apply(adapter);
        }
        return weights;
    }

    private void apply(Adapter adapter) {
        List<float[]> old = new ArrayList<>();
        for (TensorUpdate update : adapter.updates()) {
            int[] indices = update.indices();
            old.add(weights.get(update.name(), indices));
            weights.assign(update.name(), indices, update.values());
        }
        replaced.push(old);
        applied.add(adapter);
    }

    private void undo() {
        Adapter last = applied.remove(applied.size() - 1);
        List<float[]> old = replaced.pop();
        for (int u = 0; u < old.size(); u++) {
            TensorUpdate update = last.updates().get(u);
            weights.assign(update.name(), update.indices(), old.get(u));
        }
    }

    @Override
    public void close() {
        weights.close();
    }
}
