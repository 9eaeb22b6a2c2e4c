package io.tessellate.engine.train.replay;

import io.tessellate.engine.data.EncodedExample;
import io.tessellate.engine.model.batch.Dropout;
import io.tessellate.engine.model.head.Head;
import io.tessellate.engine.model.head.HeadGradients;
import io.tessellate.engine.model.head.Step;
import io.tessellate.engine.model.head.Targets;
import io.tessellate.engine.model.weights.Gradients;
import io.tessellate.engine.model.weights.Weights;
import io.tessellate.engine.objective.HeadObjective;
import io.tessellate.engine.objective.HeadScorer;
import io.tessellate.engine.objective.Learner;
import io.tessellate.engine.objective.ModelPasses;
import io.tessellate.engine.recipe.Recipe;
import io.tessellate.engine.recipe.ReplayTargets;
import io.tessellate.engine.train.replay.ReplayDraws.Draw;
import io.tessellate.engine.version.EarlierTask;
import io.tessellate.engine.version.LearntTasks;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Examples of earlier tasks that are rehearsed beside the new task's, each task through its own frozen head. What their mean
 * loss counts is said by whoever adds it.
 */
public final class Replay {
    private final ModelPasses passes;
    private final boolean summed;
    private final List<Memory> memories;

    private Replay(ModelPasses passes, boolean summed, List<Memory> memories) {
        this.passes = passes;
        this.summed = summed;
        this.memories = memories;
    }

    /** Collects the memories that a recipe asks for; with logits as targets, from what each task's own view says. */
    public static Replay of(Recipe recipe, LearntTasks learnt, ModelPasses passes) {
        if (recipe.replay().share() == 0) {
            return new Replay(passes, recipe.sumsCompletions(), List.of());
        }
        List<Memory> memories = learnt.tasks().stream()
                .map(task -> memory(recipe, learnt, task, passes))
                .toList();
        return new Replay(passes, recipe.sumsCompletions(), memories);
    }

    /** The examples of a task that are remembered, the same in every run. */
    public static List<EncodedExample> memory(EarlierTask task, double share) {
        List<EncodedExample> train = task.data().train();
        int[] positions = ReplayDraws.memory(task.data().task().task().value(), train.size(), share);
        return IntStream.of(positions).mapToObj(train::get).toList();
    }

    private static Memory memory(Recipe recipe, LearntTasks learnt, EarlierTask task, ModelPasses passes) {
        List<EncodedExample> examples = memory(task, recipe.replay().memory());
        if (recipe.replay().targets() == ReplayTargets.LABELS) {
            return new Memory(task, examples, Optional.empty());
        }
        return new Memory(task, examples, task.data().objective().head().map(objective -> {
            HeadScorer scorer = new HeadScorer(passes.encoder(), passes.config(), objective);
            return new Teacher(objective, scorer.logits(learnt.view(task), task.head(), examples));
        }));
    }

    /** The memories in two: what a race rehearses, and so many examples of each by which it measures what is lost. */
    public Split split(int heldOfEach) {
        return new Split(
                new Replay(
                        passes,
                        summed,
                        memories.stream()
                                .map(memory -> memory.from(held(memory, heldOfEach)))
                                .toList()),
                new EarlierLoss(
                        passes,
                        memories.stream()
                                .map(memory -> memory.measured(held(memory, heldOfEach)))
                                .toList()));
    }

    /** At most half; of a single example that one, which is then both rehearsed and measured. */
    private static int held(Memory memory, int wanted) {
        return Math.min(wanted, memory.examples.size() / 2);
    }

    /**
     * Memories in two.
     *
     * @param rehearsed to be replayed
     * @param measured what is held out of them
     */
    public record Split(Replay rehearsed, EarlierLoss measured) {}

    /** How many examples each memory holds. */
    public int[] sizes() {
        return memories.stream().mapToInt(memory -> memory.examples.size()).toArray();
    }

    /** Length of a drawn example: what batches are sorted by. */
    public int length(Draw draw) {
        return memories.get(draw.task()).examples.get(draw.position()).length();
    }

    /**
     * Adds the gradients of the drawn examples of one task, through its own head as it is, and returns their mean loss, not scaled. A generation task has no head and
     * is held to its completions: a teacher's logits for every token would be too many.
     */
    public double add(List<Draw> draws, Weights weights, Dropout dropout, Gradients gradients, double scale) {
        if (draws.isEmpty()) {
            return 0;
        }
        Memory memory = memories.get(draws.get(0).task());
        int[] positions = draws.stream().mapToInt(Draw::position).toArray();
        List<EncodedExample> examples =
                IntStream.of(positions).mapToObj(memory.examples::get).toList();
        Learner.Sums sums = new Learner.Sums(gradients, HeadGradients.none());
        Head head = memory.task.head();
        if (memory.teacher.isEmpty()) {
            Learner learner = memory.task.data().objective().learner(passes).summed(summed);
            return learner.backward(weights, head, new Learner.Part(examples, scale, dropout), sums);
        }
        Targets targets = memory.teacher.get().targets(positions, examples, head);
        Step step = new Step(EncodedExample.batch(examples, passes.config()), targets, scale, dropout);
        return passes.encoder()
                .backward(weights, head, step, gradients, sums.head())
                .loss();
    }

    /**
     * What one earlier task left.
     *
     * @param teacher what its own view says; nothing where labels or completions are the targets
     */
    private record Memory(EarlierTask task, List<EncodedExample> examples, Optional<Teacher> teacher) {
        /** Without its first examples. */
        Memory from(int first) {
            int to = examples.size();
            return new Memory(task, examples.subList(first, to), teacher.map(all -> all.rows(first, to)));
        }

        /** Its first examples, at least one. */
        EarlierLoss.Probe measured(int count) {
            int to = Math.max(1, count);
            return new EarlierLoss.Probe(task, examples.subList(0, to), teacher.map(all -> all.rows(0, to).logits));
        }
    }

    /**
     * What a task's own view says about its memory.
     *
     * @param logits of each example
     */
    private record Teacher(HeadObjective objective, float[][] logits) {
        private static final double TEMPERATURE = 2;

        Teacher rows(int from, int to) {
            return new Teacher(objective, Arrays.copyOfRange(logits, from, to));
        }

        Targets targets(int[] positions, List<EncodedExample> drawn, Head head) {
            float[][] rows = IntStream.of(positions).mapToObj(i -> logits[i]).toArray(float[][]::new);
            return objective.teach(drawn, HeadScorer.flat(rows), head.labels(), TEMPERATURE);
        }
    }
}
