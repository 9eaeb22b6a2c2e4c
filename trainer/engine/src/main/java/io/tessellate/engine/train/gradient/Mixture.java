package io.tessellate.engine.train.gradient;

import io.tessellate.engine.model.batch.Dropout;
import io.tessellate.engine.model.head.Head;
import io.tessellate.engine.model.weights.Weights;
import io.tessellate.engine.recipe.Phase;
import io.tessellate.engine.recipe.Recipe;
import io.tessellate.engine.train.curriculum.BatchOrder;
import io.tessellate.engine.train.curriculum.Curriculum;
import io.tessellate.engine.train.replay.Rehearsal;
import io.tessellate.engine.train.replay.Replay;
import io.tessellate.engine.train.replay.ReplayDraws.Draw;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;

/**
 * A phase's train split with a fixed number of earlier tasks' examples shuffled among it ("mixed" in <a
 * href="https://arxiv.org/abs/2406.16797">2406.16797</a>): an epoch goes over all of them once, in batches of the usual size whatever
 * they hold. A step's loss is {@code (sum of the own examples' + weight x sum of the others') / batch}: with weight 1 each example counts the same.
 */
final class Mixture {
    private final int own;
    private final List<Draw> others;
    private final BatchOrder order;
    private final Rehearsal rehearsal;
    private final double weight;
    private final int microBatch;

    /**
     * The mixture of a phase.
     *
     * @param others what is shuffled among the own examples
     * @param rehearsal of at least these
     */
    Mixture(Curriculum curriculum, Phase phase, Replay replay, List<Draw> others, Rehearsal rehearsal) {
        Recipe recipe = curriculum.recipe();
        this.own = curriculum.data(phase).examples().train().size();
        this.others = others;
        this.order =
                curriculum.order(phase, others.stream().mapToInt(replay::length).toArray());
        this.rehearsal = rehearsal;
        this.weight = recipe.replay().weight();
        this.microBatch = recipe.microBatch();
    }

    /** The batches: positions in the train split, and from its end on in the examples among it. */
    BatchOrder order() {
        return order;
    }

    /** Adds up the gradient of a batch, and returns its mean loss. */
    double compute(StepGradient gradient, Weights weights, Head head, int[] batch, Dropout dropout) {
        double size = batch.length;
        int[] members = Arrays.stream(batch).filter(position -> position < own).toArray();
        double loss = members.length / size * gradient.compute(weights, head, members, dropout, members.length / size);
        Dropout replayed = dropout.other();
        int done = 0;
        for (List<Draw> part : parts(batch)) {
            double share = weight * part.size() / size;
            loss += share * rehearsal.add(part, weights, replayed.from(done), gradient.gradients(), share);
            done += part.size();
        }
        return loss;
    }

    /** What of a batch is earlier tasks', task after task, as much at once as goes through the model together. */
    private List<List<Draw>> parts(int[] batch) {
        TreeMap<Integer, List<Draw>> tasks = new TreeMap<>();
        for (int position : batch) {
            if (position >= own) {
                Draw draw = others.get(position - own);
                tasks.computeIfAbsent(draw.task(), task -> new ArrayList<>()).add(draw);
            }
        }
        List<List<Draw>> parts = new ArrayList<>();
        for (List<Draw> task : tasks.values()) {
            int most = microBatch == 0 ? task.size() : microBatch;
            for (int from = 0; from < task.size(); from += most) {
                parts.add(task.subList(from, Math.min(task.size(), from + most)));
            }
        }
        return parts;
    }
}
