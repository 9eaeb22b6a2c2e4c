package io.tessellate.engine.train.replay;

import io.tessellate.engine.data.EncodedExample;
import io.tessellate.engine.model.weights.Weights;
import io.tessellate.engine.objective.HeadObjective;
import io.tessellate.engine.objective.HeadScorer;
import io.tessellate.engine.objective.ModelPasses;
import io.tessellate.engine.version.EarlierTask;
import io.tessellate.engine.version.LearntTasks;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What earlier tasks lose while a new one is learnt, measured on examples that are not trained on: for each task the divergence
 * from what its own view says, or where that is not known its loss, as a share of what an answer that looks at no example loses. Comes in parts that add up over tasks, each of a few examples.
 */
public final class EarlierLoss {
    private static final int GROUP = 8;

    private final ModelPasses passes;
    private final List<Probe> groups = new ArrayList<>();
    private final List<Double> scales = new ArrayList<>();

    /**
     * Examples of one earlier task.
     *
     * @param teacher what its own view says of each; nothing where labels or completions are the targets
     * @param scale mean loss of an answer that looks at none of them
     */
    record Probe(EarlierTask task, List<EncodedExample> examples, Optional<float[][]> teacher, double scale) {
        Probe part(int from, int to) {
            return new Probe(
                    task, examples.subList(from, to), teacher.map(rows -> Arrays.copyOfRange(rows, from, to)), scale);
        }
    }

    EarlierLoss(ModelPasses passes, List<Probe> probes) {
        this.passes = passes;
        for (Probe probe : probes) {
            int size = probe.examples.size();
            int parts = (size + GROUP - 1) / GROUP;
            for (int part = 0; part < parts; part++) {
                groups.add(probe.part(part * size / parts, (part + 1) * size / parts));
                scales.add(parts * (probe.scale > 0 ? probe.scale : 1));
            }
        }
    }

    /** Nothing is measured: there is no earlier task, or nothing of any is at hand. */
    public static EarlierLoss none(ModelPasses passes) {
        return new EarlierLoss(passes, List.of());
    }

    /**
     * Measured on the new task's own inputs, which earlier heads judge as well: at most so many of each of the tasks in turn, against an
     * answer that knows nothing but what there is to choose from, whether or not a task's examples are at hand. Asks their views, which
     * are moved.
     */
    public static EarlierLoss onInputs(
            LearntTasks learnt, List<EncodedExample> inputs, int ofEach, ModelPasses passes) {
        List<Probe> probes = new ArrayList<>();
        int from = 0;
        for (EarlierTask task : learnt.tasks()) {
            Optional<HeadObjective> head = task.objective().head().filter(HeadObjective::judgesSingleSequences);
            if (head.isEmpty() || inputs.isEmpty()) {
                continue;
            }
            List<EncodedExample> drawn = new ArrayList<>();
            for (int n = 0; n < Math.min(ofEach, inputs.size()); n++) {
                drawn.add(new EncodedExample(
                        inputs.get(from++ % inputs.size()).sequences().get(0), 0));
            }
            HeadScorer scorer = new HeadScorer(passes.encoder(), passes.config(), head.get());
            float[][] teacher = scorer.logits(learnt.view(task), task.head(), drawn);
            probes.add(new Probe(task, drawn, Optional.of(teacher), task.blindLoss()));
        }
        return new EarlierLoss(passes, probes);
    }

    /** Examples that it looks at. */
    public int examples() {
        return groups.stream().mapToInt(group -> group.examples.size()).sum();
    }

    /** The parts at these weights. */
    public double[] of(Weights weights) {
        double[] parts = new double[groups.size()];
        for (int g = 0; g < parts.length; g++) {
            parts[g] = loss(groups.get(g), weights) / scales.get(g);
        }
        return parts;
    }

    private double loss(Probe group, Weights weights) {
        if (group.teacher.isEmpty()) {
            return group.task.objective().learner(passes).loss(weights, group.task.head(), group.examples);
        }
        HeadObjective objective = group.task.objective().head().orElseThrow();
        HeadScorer scorer = new HeadScorer(passes.encoder(), passes.config(), objective);
        float[] logits = HeadScorer.flat(scorer.logits(weights, group.task.head(), group.examples));
        int labels = group.task.head().labels();
        return objective
                .teach(group.examples, HeadScorer.flat(group.teacher.get()), labels, 1)
                .loss(logits, labels, 1, new float[logits.length]);
    }
}
