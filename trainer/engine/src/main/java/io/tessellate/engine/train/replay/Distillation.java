package io.tessellate.engine.train.replay;

import io.tessellate.engine.data.EncodedExample;
import io.tessellate.engine.model.batch.Dropout;
import io.tessellate.engine.model.batch.TokenSequence;
import io.tessellate.engine.model.config.ModelConfig;
import io.tessellate.engine.model.head.HeadGradients;
import io.tessellate.engine.model.head.Step;
import io.tessellate.engine.model.head.Targets;
import io.tessellate.engine.model.weights.Gradients;
import io.tessellate.engine.model.weights.Weights;
import io.tessellate.engine.objective.HeadObjective;
import io.tessellate.engine.objective.HeadScorer;
import io.tessellate.engine.objective.ModelPasses;
import io.tessellate.engine.recipe.Phase;
import io.tessellate.engine.recipe.Recipe;
import io.tessellate.engine.recipe.Seeds;
import io.tessellate.engine.train.replay.ReplayDraws.Draw;
import io.tessellate.engine.version.EarlierTask;
import io.tessellate.engine.version.LearntTasks;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Learning without forgetting (Li and Hoiem 2016, <a href="https://arxiv.org/abs/1606.09282">1606.09282</a>) with frozen
 * heads: on some of the new task's own inputs an earlier task's head is held to what that task's own view says about them.
 * Needs no earlier data. The loss is {@code T^2 KL(softmax(view / T) || softmax(now / T))} with T = 2 for classes and the
 * squared distance for values; its mean over a step's inputs counts as much as the new batch's mean loss.
 *
 * <p>What the views say is found out before training, for exactly the inputs that will be drawn: about {@code share x epochs
 * x examples} forward passes and as many rows of logits in memory, however many earlier tasks there are.
 */
public final class Distillation {
    private static final double TEMPERATURE = 2;

    private final ModelPasses passes;
    private final ModelConfig config;
    private final List<TokenSequence> inputs;
    private final List<Teacher> teachers;
    private final Map<Phase, DistillDraws> draws;

    private Distillation(
            ModelPasses passes,
            ModelConfig config,
            List<TokenSequence> inputs,
            List<Teacher> teachers,
            Map<Phase, DistillDraws> draws) {
        this.passes = passes;
        this.config = config;
        this.inputs = inputs;
        this.teachers = teachers;
        this.draws = draws;
    }

    /**
     * An earlier task as it is in its own view.
     *
     * @param logits what its view says, by the number of the input
     */
    private record Teacher(EarlierTask task, HeadObjective objective, Map<Integer, float[]> logits) {
        Targets targets(List<Draw> drawn, List<EncodedExample> examples) {
            float[][] rows =
                    drawn.stream().map(draw -> logits.get(draw.position())).toArray(float[][]::new);
            return objective.teach(examples, HeadScorer.flat(rows), task.head().labels(), TEMPERATURE);
        }
    }

    /**
     * Asks the earlier tasks' views, which are moved.
     *
     * @param examples what batches are drawn from
     * @param batches every batch of a phase in the order of the steps; none where the phase sees no own inputs
     * @param pulse called between passes; may stop everything by throwing
     */
    public static Distillation of(
            Recipe recipe,
            LearntTasks learnt,
            ModelPasses passes,
            List<EncodedExample> examples,
            Function<Phase, Stream<int[]>> batches,
            Runnable pulse) {
        ModelConfig config = learnt.version().config();
        double share = recipe.replay().distillShare();
        if (share == 0) {
            return new Distillation(passes, config, List.of(), List.of(), Map.of());
        }
        List<TokenSequence> inputs =
                examples.stream().map(example -> example.sequences().get(0)).toList();
        List<Teacher> teachers = teachers(learnt.tasks());
        Seeds seeds = new Seeds(recipe.seed());
        Map<Phase, DistillDraws> draws = new EnumMap<>(Phase.class);
        Distillation distillation = new Distillation(passes, config, inputs, teachers, draws);
        for (Phase phase : Phase.values()) {
            String purpose = "distill/" + phase.label();
            draws.put(phase, new DistillDraws(share, recipe.batchSize(), teachers.size(), seeds, purpose));
        }
        distillation.ask(learnt, batches, pulse);
        return distillation;
    }

    /** Whether one of these tasks can be held to its view on another's inputs. */
    public static boolean hasTeacher(List<EarlierTask> earlier) {
        return !teachers(earlier).isEmpty();
    }

    /** Those whose head judges single sequences; one that compares choices has nothing to compare here. */
    private static List<Teacher> teachers(List<EarlierTask> earlier) {
        List<Teacher> teachers = new ArrayList<>();
        for (EarlierTask task : earlier) {
            task.data()
                    .objective()
                    .head()
                    .filter(HeadObjective::judgesSingleSequences)
                    .ifPresent(objective -> teachers.add(new Teacher(task, objective, new HashMap<>())));
        }
        return teachers;
    }

    private void ask(LearntTasks learnt, Function<Phase, Stream<int[]>> batches, Runnable pulse) {
        List<BitSet> wanted = teachers.stream().map(teacher -> new BitSet()).toList();
        for (Phase phase : Phase.values()) {
            Iterator<int[]> steps = batches.apply(phase).iterator();
            if (!steps.hasNext()) {
                draws.remove(phase);
            }
            for (long step = 0; steps.hasNext() && !areWhole(wanted); step++) {
                pulse.run();
                draws.get(phase)
                        .at(step, steps.next())
                        .forEach(draw -> wanted.get(draw.task()).set(draw.position()));
            }
        }
        for (int t = 0; t < teachers.size(); t++) {
            Teacher teacher = teachers.get(t);
            HeadScorer scorer = new HeadScorer(passes.encoder(), config, teacher.objective);
            List<Integer> positions = wanted.get(t).stream().boxed().toList();
            Weights view = learnt.view(teacher.task);
            float[][] logits = scorer.logits(view, teacher.task.head(), examples(positions), pulse);
            for (int n = 0; n < logits.length; n++) {
                teacher.logits.put(positions.get(n), logits[n]);
            }
        }
    }

    /** Whether every view is to be asked about every input already, so that no further step adds to it. */
    private boolean areWhole(List<BitSet> wanted) {
        return wanted.stream().allMatch(positions -> positions.cardinality() == inputs.size());
    }

    private List<EncodedExample> examples(List<Integer> positions) {
        return positions.stream()
                .map(position -> new EncodedExample(inputs.get(position), 0))
                .toList();
    }

    /** Adds the gradients of a step's inputs, each through the head of the task it was drawn for. */
    public void add(Phase phase, long step, int[] batch, Weights weights, Dropout dropout, Gradients gradients) {
        if (!draws.containsKey(phase)) {
            return;
        }
        List<Draw> all = draws.get(phase).at(step, batch);
        for (int from = 0, to; from < all.size(); from = to) {
            to = from;
            while (to < all.size() && all.get(to).task() == all.get(from).task()) {
                to++;
            }
            List<Draw> drawn = all.subList(from, to);
            Teacher teacher = teachers.get(drawn.get(0).task());
            List<EncodedExample> examples =
                    examples(drawn.stream().map(Draw::position).toList());
            Step part = new Step(
                    EncodedExample.batch(examples, config),
                    teacher.targets(drawn, examples),
                    (double) drawn.size() / all.size(),
                    dropout.from(from));
            passes.encoder().backward(weights, teacher.task.head(), part, gradients, HeadGradients.none());
        }
    }
}
