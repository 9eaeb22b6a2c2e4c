package io.tessellate.experiment;

import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.data.EncodedExample;
import io.tessellate.engine.model.files.BaseModel;
import io.tessellate.engine.model.head.Head;
import io.tessellate.engine.model.weights.Weights;
import io.tessellate.engine.objective.ModelPasses;
import io.tessellate.engine.objective.TaskData;
import io.tessellate.engine.stream.StreamTask;
import io.tessellate.engine.version.Views;
import io.tessellate.experiment.result.Moved;
import io.tessellate.mask.adapter.Adapter;
import io.tessellate.mask.merge.MergeRecipe;
import io.tessellate.mask.merge.MergedAdapters;
import io.tessellate.mask.merge.TaskVector;
import java.util.ArrayList;
import java.util.List;

/**
 * Measures how far each task of a stream moves the model, and what the tasks before it should lose by that: the loss of their train
 * examples is taken after a twentieth and a tenth of the change, and slope and curvature from these are carried on to the whole of it,
 * {@code L(w + d) - L(w) = g'd + d'Hd / 2}.
 */
final class Movement implements AutoCloseable {
    private static final double STEP = 0.05;
    private static final int MOST_EXAMPLES = 64;

    private final boolean wanted;
    private final Weights weights;
    private final ModelPasses passes;
    private final List<Learnt> learnt = new ArrayList<>();
    private final List<Moved> moved = new ArrayList<>();

    private record Learnt(TaskData data, Head head, List<EncodedExample> examples) {}

    /**
     * Of a stream that begins at a base model.
     *
     * @param wanted whether it is measured at all
     */
    Movement(BaseModel model, Backend backend, boolean wanted) {
        this.wanted = wanted;
        this.weights = model.weights(backend);
        this.passes = new ModelPasses(backend, model.config());
    }

    /** Another task was learnt. */
    void learnt(StreamTask task, Adapter adapter) {
        if (!wanted) {
            return;
        }
        double before = loss(weights);
        double near = learnt.isEmpty() ? 0 : loss(adapter, STEP) - before;
        double far = learnt.isEmpty() ? 0 : loss(adapter, 2 * STEP) - before;
        double norm = norm(adapter);
        weights.apply(adapter);
        double slope = (4 * near - far) / (2 * STEP);
        double curvature = (far - 2 * near) / (STEP * STEP);
        moved.add(new Moved(norm, slope + curvature / 2, loss(weights) - before));
        List<EncodedExample> train = task.data().train();
        learnt.add(new Learnt(
                task.data(), Views.headOf(adapter), train.subList(0, Math.min(MOST_EXAMPLES, train.size()))));
    }

    private double loss(Adapter adapter, double share) {
        try (Weights partly = weights.copy()) {
            MergeRecipe scaled = MergeRecipe.of(MergeRecipe.Method.ARITHMETIC, share, null, null);
            partly.apply(MergedAdapters.of(List.of(adapter), weights.source(), scaled)
                    .updates());
            return loss(partly);
        }
    }

    /** Mean over the earlier tasks; 0 without any. */
    private double loss(Weights at) {
        return learnt.stream()
                .mapToDouble(task -> task.data.objective().learner(passes).loss(at, task.head, task.examples))
                .average()
                .orElse(0);
    }

    private double norm(Adapter adapter) {
        TaskVector change = TaskVector.of(adapter, weights.source());
        double squares = 0;
        for (String tensor : change.names()) {
            for (float value : change.tensor(tensor).values()) {
                squares += (double) value * value;
            }
        }
        return Math.sqrt(squares);
    }

    /** One for each task so far. */
    List<Moved> moved() {
        return List.copyOf(moved);
    }

    @Override
    public void close() {
        passes.close();
        weights.close();
    }
}
