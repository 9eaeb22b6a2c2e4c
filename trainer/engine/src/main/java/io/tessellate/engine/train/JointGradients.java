package io.tessellate.engine.train;

import io.tessellate.engine.data.EncodedExample;
import io.tessellate.engine.model.batch.Dropout;
import io.tessellate.engine.model.head.Head;
import io.tessellate.engine.model.weights.Gradients;
import io.tessellate.engine.model.weights.Weights;
import io.tessellate.engine.objective.ModelPasses;
import io.tessellate.engine.objective.TaskData;
import io.tessellate.engine.recipe.Phase;
import io.tessellate.engine.recipe.Recipe;
import io.tessellate.engine.recipe.Seeds;
import io.tessellate.engine.train.curriculum.BatchOrder;
import io.tessellate.engine.train.entries.TrainedEntries;
import io.tessellate.engine.train.gradient.GradientSource;
import io.tessellate.engine.train.gradient.PhaseGradients;
import io.tessellate.engine.train.gradient.StepDropout;
import io.tessellate.engine.train.gradient.StepGradient;
import io.tessellate.engine.values.FloatBlocks;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/** The gradients of several tasks that take turns: each step's is of a batch of one task, through that task's head. */
final class JointGradients implements PhaseGradients, AutoCloseable {
    private final Recipe recipe;
    private final Seeds seeds;
    private final Weights weights;
    private final TrainedEntries entries;
    private final Gradients shared;
    private final List<Part> parts;

    /** A task's head, its batches, and the gradient of one of them, in memory that all tasks share. */
    private record Part(Head head, BatchOrder order, StepGradient gradient) {}

    /** A batch to come. */
    private record Turn(int task, int[] members) {}

    /**
     * The gradients of all weights.
     *
     * @param gradients taken over, and closed with this object
     */
    JointGradients(Recipe recipe, ModelPasses passes, Gradients gradients, Weights weights, List<TaskData> tasks) {
        this.recipe = recipe;
        this.seeds = new Seeds(recipe.seed());
        this.weights = weights;
        this.entries = new TrainedEntries.All(weights.layout());
        this.shared = gradients;
        this.parts = IntStream.range(0, tasks.size())
                .mapToObj(task -> part(tasks.get(task), "joint/" + task, passes))
                .toList();
    }

    private Part part(TaskData task, String purpose, ModelPasses passes) {
        Head head = task.objective()
                .initialHead(
                        task.labels(),
                        recipe.features().width(passes.config().hidden()),
                        task.train(),
                        seeds.of(purpose + "/head"));
        int[] lengths = task.train().stream().mapToInt(EncodedExample::length).toArray();
        return new Part(
                head,
                new BatchOrder(lengths, recipe.batchSize(), recipe.bucketWindow(), seeds, purpose),
                new StepGradient(
                        recipe.microBatch(),
                        task.train(),
                        task.objective().learner(passes).summed(recipe.sumsCompletions()),
                        shared,
                        head));
    }

    /** The batches of an epoch, those of all tasks mixed. */
    private List<Turn> turns(long epoch) {
        List<Turn> mixed = new ArrayList<>();
        for (int task = 0; task < parts.size(); task++) {
            for (int[] members : parts.get(task).order().epoch(epoch)) {
                mixed.add(new Turn(task, members));
            }
        }
        Collections.shuffle(mixed, seeds.of("joint", epoch));
        return mixed;
    }

    private int batchesPerEpoch() {
        return parts.stream().mapToInt(part -> part.order().batchesPerEpoch()).sum();
    }

    long steps() {
        return Math.max(1, Math.round(recipe.epochs(batchesPerEpoch()) * batchesPerEpoch()));
    }

    /** The heads, in the order of the tasks, before training. */
    List<Head> heads() {
        return parts.stream().map(Part::head).toList();
    }

    @Override
    public GradientSource from(long step) {
        return new Steps();
    }

    private final class Steps implements GradientSource {
        private final int batches = batchesPerEpoch();
        private long epoch = -1;
        private List<Turn> turns = List.of();
        private int task;

        @Override
        public double compute(long step) {
            if (step / batches != epoch) {
                epoch = step / batches;
                turns = turns(epoch);
            }
            Turn turn = turns.get((int) (step % batches));
            task = turn.task();
            Dropout dropout = StepDropout.of(recipe, seeds, Phase.TRAIN, step);
            return parts.get(task).gradient().compute(weights, parts.get(task).head(), turn.members(), dropout);
        }

        @Override
        public int head() {
            return task;
        }

        @Override
        public void read(FloatBlocks values, FloatBlocks into) {
            int heads = entries.blocks().length;
            for (int head = heads; head < into.count(); head++) {
                Arrays.fill(into.block(head), 0);
            }
            parts.get(task).gradient().read(entries, values, into, heads + task);
        }

        @Override
        public void close() {
            // The gradients are of all steps, however often they begin.
        }
    }

    @Override
    public void close() {
        shared.close();
    }
}
