package io.tessellate.engine.train.replay;

import io.tessellate.engine.data.EncodedExample;
import io.tessellate.engine.model.batch.Dropout;
import io.tessellate.engine.model.config.ModelConfig;
import io.tessellate.engine.model.head.HeadGradients;
import io.tessellate.engine.model.head.Step;
import io.tessellate.engine.model.head.Targets;
import io.tessellate.engine.model.weights.Gradients;
import io.tessellate.engine.model.weights.Weights;
import io.tessellate.engine.objective.HeadScorer;
import io.tessellate.engine.objective.Learner;
import io.tessellate.engine.objective.Learners;
import io.tessellate.engine.objective.TrainingObjective;
import io.tessellate.engine.recipe.Recipe;
import io.tessellate.engine.recipe.ReplayTargets;
import io.tessellate.engine.train.replay.ReplayDraws.Draw;
import io.tessellate.engine.version.EarlierTask;
import io.tessellate.engine.version.LearntTasks;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Examples of earlier tasks that are rehearsed beside the new task's, each task through its own frozen head. Their mean
 * loss counts as much as the new batch's.
 */
public final class Replay {
    private final Learners learners;
    private final ModelConfig config;
    private final List<Memory> memories;

    private Replay(Learners learners, ModelConfig config, List<Memory> memories) {
        this.learners = learners;
        this.config = config;
        this.memories = memories;
    }

    /** Collects the memories that a recipe asks for; with logits as targets, from what each task's own view says. */
    public static Replay of(Recipe recipe, LearntTasks learnt, Learners learners) {
        ModelConfig config = learnt.version().config();
        if (recipe.replayShare() == 0) {
            return new Replay(learners, config, List.of());
        }
        List<Memory> memories = learnt.tasks().stream()
                .map(task -> memory(recipe, learnt, task, learners))
                .toList();
        return new Replay(learners, config, memories);
    }

    /** The examples of a task that are remembered, the same in every run. */
    public static List<EncodedExample> memory(EarlierTask task, double share) {
        List<EncodedExample> train = task.data().train();
        int[] positions = ReplayDraws.memory(task.data().task().task().value(), train.size(), share);
        return IntStream.of(positions).mapToObj(train::get).toList();
    }

    private static Memory memory(Recipe recipe, LearntTasks learnt, EarlierTask task, Learners learners) {
        List<EncodedExample> examples = memory(task, recipe.replayMemory());
        float[][] teacher = new float[0][];
        if (recipe.replayTargets() == ReplayTargets.LOGITS && task.head().labels() > 0) {
            HeadScorer scorer =
                    new HeadScorer(learners.encoder(), learnt.version().config());
            teacher = scorer.logits(learnt.view(task), task.head(), examples);
        }
        return new Memory(task, examples, teacher);
    }

    /** How many examples each memory holds. */
    public int[] sizes() {
        return memories.stream().mapToInt(memory -> memory.examples.size()).toArray();
    }

    /**
     * Adds the gradients of the drawn examples of one task, through its own head as it is. A generation task has no head and
     * is held to its completions: a teacher's logits for every token would be too many.
     */
    public void add(List<Draw> draws, Weights weights, Dropout dropout, Gradients gradients) {
        if (draws.isEmpty()) {
            return;
        }
        Memory memory = memories.get(draws.get(0).task());
        int[] positions = draws.stream().mapToInt(Draw::position).toArray();
        List<EncodedExample> examples =
                IntStream.of(positions).mapToObj(memory.examples::get).toList();
        Learner.Sums sums = new Learner.Sums(gradients, HeadGradients.none());
        if (memory.teacher.length == 0) {
            Learner learner = learners.of(memory.task.data().objective());
            learner.backward(weights, memory.task.head(), new Learner.Part(examples, 1, dropout), sums);
            return;
        }
        Step step = new Step(EncodedExample.batch(examples, config), memory.targets(positions, examples), 1, dropout);
        learners.encoder().backward(weights, memory.task.head(), step, gradients, sums.head());
    }

    /**
     * What one earlier task left.
     *
     * @param teacher logits of each example; empty when labels are the targets
     */
    private record Memory(EarlierTask task, List<EncodedExample> examples, float[][] teacher) {
        private static final double TEMPERATURE = 2;

        Targets targets(int[] positions, List<EncodedExample> drawn) {
            TrainingObjective objective = task.data().objective();
            return objective.teach(drawn, rows(positions), task.head().labels(), TEMPERATURE);
        }

        private float[] rows(int[] positions) {
            return HeadScorer.flat(
                    IntStream.of(positions).mapToObj(i -> teacher[i]).toArray(float[][]::new));
        }
    }
}
