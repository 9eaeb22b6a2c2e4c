package io.tessellate.engine.train;

import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.data.BatchOrder;
import io.tessellate.engine.data.EncodedExample;
import io.tessellate.engine.model.batch.Dropout;
import io.tessellate.engine.model.config.ModelConfig;
import io.tessellate.engine.model.head.Head;
import io.tessellate.engine.model.head.HeadGradients;
import io.tessellate.engine.model.pass.Encoder;
import io.tessellate.engine.model.weights.Gradients;
import io.tessellate.engine.model.weights.TrainableTensors;
import io.tessellate.engine.model.weights.Weights;
import io.tessellate.engine.objective.Learner;
import io.tessellate.engine.objective.ModelPasses;
import io.tessellate.engine.objective.TaskData;
import io.tessellate.engine.optimizer.GradientNorm;
import io.tessellate.engine.optimizer.Optimizer;
import io.tessellate.engine.recipe.Recipe;
import io.tessellate.engine.recipe.Seeds;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Trains all weights on several tasks at once, each with a head of its own where its objective has one: every batch is of one task, the batches of all
 * tasks come in random order. It sees all data at once, as no stream of tasks does, and is what such a stream is held
 * against.
 */
public final class JointTraining implements AutoCloseable {
    private final List<TaskData> tasks;
    private final Recipe recipe;
    private final ModelConfig config;
    private final Weights weights;
    private final ModelPasses passes;
    private final Gradients gradients;
    private final List<Part> heads;
    private final Seeds seeds;

    /** A task's head with its update rule, and room for its gradient behind the encoder's. */
    private record Part(Head head, Optimizer optimizer, BatchOrder order) {}

    /** A batch to come. */
    private record Turn(int task, int[] members) {}

    /**
     * A training about to start.
     *
     * @param weights the base's values, which it changes; closed by whoever made them
     * @param recipe its epochs, batch size, rate, schedule, optimiser, clipping and seed; the rest does not matter
     */
    public JointTraining(Backend backend, ModelConfig config, Weights weights, List<TaskData> tasks, Recipe recipe) {
        this.tasks = List.copyOf(tasks);
        this.recipe = recipe;
        this.config = config;
        this.weights = weights;
        this.passes = new ModelPasses(backend, config);
        this.gradients = new Gradients(backend, TrainableTensors.all(weights.layout()));
        this.seeds = new Seeds(recipe.seed());
        this.heads = IntStream.range(0, tasks.size()).mapToObj(this::part).toList();
    }

    private Part part(int task) {
        TaskData data = tasks.get(task);
        String purpose = "joint/" + task;
        Head head = data.objective()
                .initialHead(data.labels(), Encoder.features(config), data.train(), seeds.of(purpose + "/head"));
        int[] lengths = data.train().stream().mapToInt(EncodedExample::length).toArray();
        return new Part(
                head,
                recipe.optimizer().create(head.values().length, recipe.weightDecay()),
                new BatchOrder(lengths, recipe.batchSize(), recipe.bucketWindow(), seeds, purpose));
    }

    /** Trains to the end and gives each task's head. */
    public List<Head> train() {
        Optimizer optimizer = recipe.optimizer().create(weights.layout().size(), recipe.weightDecay());
        List<Turn> turns = turns();
        float[] values = weights.vector().toArray(0, weights.layout().size());
        for (int step = 0; step < turns.size(); step++) {
            take(turns.get(step), values, optimizer, recipe.rate(step, turns.size()));
        }
        return heads.stream().map(Part::head).toList();
    }

    /** All batches of all epochs; within an epoch those of all tasks are mixed. */
    private List<Turn> turns() {
        List<Turn> all = new ArrayList<>();
        for (long epoch = 0; epoch < Math.ceil(recipe.epochs()); epoch++) {
            List<Turn> mixed = new ArrayList<>();
            for (int task = 0; task < tasks.size(); task++) {
                for (int[] members : heads.get(task).order().epoch(epoch)) {
                    mixed.add(new Turn(task, members));
                }
            }
            Collections.shuffle(mixed, seeds.of("joint", epoch));
            all.addAll(mixed);
        }
        long steps = Math.round(recipe.epochs() / Math.ceil(recipe.epochs()) * all.size());
        return all.subList(0, (int) Math.max(1, steps));
    }

    private void take(Turn turn, float[] values, Optimizer optimizer, double rate) {
        Part part = heads.get(turn.task());
        gradients.zero();
        HeadGradients headGradients = HeadGradients.of(part.head());
        TaskData task = tasks.get(turn.task());
        List<EncodedExample> drawn =
                IntStream.of(turn.members()).mapToObj(task.train()::get).toList();
        task.objective()
                .learner(passes)
                .backward(
                        weights,
                        part.head(),
                        new Learner.Part(drawn, 1, Dropout.none()),
                        new Learner.Sums(gradients, headGradients));
        int size = values.length;
        float[] gradient = Arrays.copyOf(gradients.vector().toArray(0, size), size + headGradients.values().length);
        System.arraycopy(headGradients.values(), 0, gradient, size, headGradients.values().length);
        GradientNorm.clipInPlace(gradient, GradientNorm.of(gradient), recipe.clipNorm());
        optimizer.step(values, Arrays.copyOf(gradient, size), rate);
        weights.vector().put(0, values, 0, size);
        part.optimizer().step(part.head().values(), Arrays.copyOfRange(gradient, size, gradient.length), rate);
    }

    @Override
    public void close() {
        gradients.close();
        passes.close();
    }
}
