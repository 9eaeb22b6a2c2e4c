package io.tessellate.engine.train;

import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.model.config.ModelConfig;
import io.tessellate.engine.model.head.Head;
import io.tessellate.engine.model.weights.Weights;
import io.tessellate.engine.objective.ModelPasses;
import io.tessellate.engine.objective.TaskData;
import io.tessellate.engine.objective.ValueUnits;
import io.tessellate.engine.recipe.Phase;
import io.tessellate.engine.recipe.Recipe;
import io.tessellate.engine.train.checkpoint.PhaseSegment;
import io.tessellate.engine.train.entries.TrainedEntries;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Trains all weights on several tasks at once, each with a head of its own where its objective has one: every batch is of one task, the batches of all
 * tasks come in random order. It sees all data at once, as no stream of tasks does, and is what such a stream is held
 * against.
 */
public final class JointTraining implements AutoCloseable {
    private final Recipe recipe;
    private final Weights weights;
    private final List<ValueUnits> units;
    private final TrainedEntries entries;
    private final ModelPasses passes;
    private final JointGradients gradients;

    /**
     * A training about to start.
     *
     * @param weights the base's values, which it changes; closed by whoever made them
     * @param recipe its epochs, batch sizes, rate, schedule, optimiser, clipping, dropout, precision and seed; the rest does not matter
     */
    public JointTraining(Backend backend, ModelConfig config, Weights weights, List<TaskData> tasks, Recipe recipe) {
        if (!recipe.raced().isEmpty()) {
            throw new TessellateException(
                    ErrorCode.INVALID_RECIPE,
                    "tasks learnt at once run no race, and need numbers for " + recipe.raced());
        }
        this.recipe = recipe;
        this.weights = weights;
        this.entries = new TrainedEntries.All(weights.layout());
        this.passes = new ModelPasses(recipe.precision().of(backend), config, recipe.kept());
        this.units = tasks.stream().map(TaskData::units).toList();
        this.gradients = new JointGradients(
                recipe,
                passes,
                entries.gradients(backend),
                weights,
                tasks.stream().map(TaskData::inStandardUnits).toList());
    }

    /** Trains to the end and gives each task's head; DIVERGED as soon as a loss, a gradient or a weight is not finite. */
    public List<Head> train() {
        List<Head> heads = gradients.heads();
        PhaseSegment segment = PhaseSegment.whole(Phase.TRAIN, 0, gradients.steps());
        TrainedValues trained = TrainedValues.ofSeveral(recipe, entries, weights, heads);
        new PhaseTraining(recipe, segment, trained, gradients, PhaseWatch.none()).train();
        return IntStream.range(0, heads.size())
                .mapToObj(task -> units.get(task).own(heads.get(task)))
                .toList();
    }

    @Override
    public void close() {
        gradients.close();
        passes.close();
    }
}
