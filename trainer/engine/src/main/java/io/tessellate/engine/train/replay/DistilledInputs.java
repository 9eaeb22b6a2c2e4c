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
import java.util.function.IntFunction;
import java.util.stream.Stream;

/**
 * Inputs of one kind on which earlier tasks' heads are held to what their own views say. What these say is found out before training, for
 * exactly the inputs that will be drawn: about {@code share x epochs x examples} forward passes and as many rows of logits in memory,
 * however many earlier tasks there are.
 */
final class DistilledInputs {
    private static final double TEMPERATURE = 2;

    private final ModelPasses passes;
    private final ModelConfig config;
    private final IntFunction<TokenSequence> inputs;
    private final int count;
    private final List<Teacher> teachers;
    private final Map<Phase, DistillDraws> draws = new EnumMap<>(Phase.class);

    /**
     * Inputs that no view has been asked about.
     *
     * @param inputs one for each example that batches are drawn from, by its number
     * @param count of those examples
     * @param share of them in a step, of the batch size
     * @param purpose of the draws
     */
    DistilledInputs(
            Recipe recipe,
            LearntTasks learnt,
            ModelPasses passes,
            IntFunction<TokenSequence> inputs,
            int count,
            double share,
            String purpose) {
        this.passes = passes;
        this.config = learnt.version().config();
        this.inputs = inputs;
        this.count = count;
        this.teachers = teachers(learnt.tasks());
        Seeds seeds = new Seeds(recipe.seed());
        for (Phase phase : Phase.values()) {
            draws.put(
                    phase,
                    new DistillDraws(share, recipe.batchSize(), teachers.size(), seeds, purpose + "/" + phase.label()));
        }
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

    /** Those whose head judges single sequences; one that compares choices has nothing to compare here. */
    static List<Teacher> teachers(List<EarlierTask> earlier) {
        List<Teacher> teachers = new ArrayList<>();
        for (EarlierTask task : earlier) {
            task.objective()
                    .head()
                    .filter(HeadObjective::judgesSingleSequences)
                    .ifPresent(objective -> teachers.add(new Teacher(task, objective, new HashMap<>())));
        }
        return teachers;
    }

    /**
     * Asks the earlier tasks' views, which are moved.
     *
     * @param batches every batch of a phase in the order of the steps; none where the phase sees no own inputs
     * @param pulse called between passes; may stop everything by throwing
     */
    void ask(LearntTasks learnt, Function<Phase, Stream<int[]>> batches, Runnable pulse) {
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
        return wanted.stream().allMatch(positions -> positions.cardinality() == count);
    }

    private List<EncodedExample> examples(List<Integer> positions) {
        return positions.stream()
                .map(position -> new EncodedExample(inputs.apply(position), 0))
                .toList();
    }

    /** Adds the gradients of a step's inputs, each through the head of the task it was drawn for. */
    void add(Phase phase, long step, int[] batch, Weights weights, Dropout dropout, Gradients gradients) {
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
