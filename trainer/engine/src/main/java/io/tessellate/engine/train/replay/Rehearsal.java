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
import io.tessellate.engine.train.replay.ReplayDraws.Draw;
import io.tessellate.engine.version.EarlierTask;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Examples of earlier tasks that are rehearsed beside the new task's, each task through its own frozen head. What their mean
 * loss counts is said by whoever adds it.
 */
public final class Rehearsal {
    private final ModelPasses passes;
    private final boolean summed;
    private final List<Part> parts;

    Rehearsal(ModelPasses passes, boolean summed, List<Part> parts) {
        this.passes = passes;
        this.summed = summed;
        this.parts = List.copyOf(parts);
    }

    /**
     * Adds the gradients of the drawn examples of one task, through its own head as it is, and returns their mean loss, not scaled. A generation task has no head and
     * is held to its completions: a teacher's logits for every token would be too many.
     */
    public double add(List<Draw> draws, Weights weights, Dropout dropout, Gradients gradients, double scale) {
        if (draws.isEmpty()) {
            return 0;
        }
        Part part = parts.get(draws.get(0).task());
        int[] positions = draws.stream().mapToInt(Draw::position).toArray();
        List<EncodedExample> examples =
                IntStream.of(positions).mapToObj(part.memory::get).toList();
        Learner.Sums sums = new Learner.Sums(gradients, HeadGradients.none());
        Head head = part.task.head();
        if (part.teacher.isEmpty()) {
            Learner learner = part.task.objective().learner(passes).summed(summed);
            return learner.backward(weights, head, new Learner.Part(examples, scale, dropout), sums);
        }
        Targets targets = part.teacher.get().targets(positions, examples, head);
        Step step = new Step(EncodedExample.batch(examples, passes.config()), targets, scale, dropout);
        return passes.encoder()
                .backward(weights, head, step, gradients, sums.head())
                .loss();
    }

    /**
     * What is rehearsed of one earlier task.
     *
     * @param memory what may be drawn
     * @param teacher what its own view says; nothing where labels or completions are the targets
     */
    record Part(EarlierTask task, List<EncodedExample> memory, Optional<Teacher> teacher) {}

    /**
     * What a task's own view says about what is drawn of its memory.
     *
     * @param logits by the position in the memory
     */
    record Teacher(HeadObjective objective, Map<Integer, float[]> logits) {
        private static final double TEMPERATURE = 2;

        Targets targets(int[] positions, List<EncodedExample> drawn, Head head) {
            float[][] rows = IntStream.of(positions).mapToObj(this::row).toArray(float[][]::new);
            return objective.teach(drawn, HeadScorer.flat(rows), head.labels(), TEMPERATURE);
        }

        private float[] row(int position) {
            float[] row = logits.get(position);
            if (row == null) {
                throw new NoSuchElementException("nobody asked the view about position " + position);
            }
            return row;
        }
    }
}
