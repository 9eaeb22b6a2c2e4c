package io.tessellate.engine.train;

import io.tessellate.engine.model.Batch;
import io.tessellate.engine.model.Dropout;
import io.tessellate.engine.model.Encoder;
import io.tessellate.engine.model.Head;
import io.tessellate.engine.model.ModelConfig;
import io.tessellate.engine.model.Step;
import io.tessellate.engine.model.Targets;
import io.tessellate.engine.train.ReplayDraws.Draw;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Examples of earlier tasks that are rehearsed beside the new task's, each task through its own frozen head. Their mean
 * loss counts as much as the new batch's.
 */
final class Replay {
    private final ModelConfig config;
    private final List<Memory> memories;

    private Replay(ModelConfig config, List<Memory> memories) {
        this.config = config;
        this.memories = memories;
    }

    /** Collects the memories of a job; with logits as targets, from what each task's own view says. */
    static Replay of(TrainingJob job, Encoder encoder) {
        ModelConfig config = job.parent().config();
        if (job.recipe().replayShare() == 0) {
            return new Replay(config, List.of());
        }
        List<Memory> memories = IntStream.range(0, job.earlier().size())
                .mapToObj(task -> memory(job, task, encoder))
                .toList();
        return new Replay(config, memories);
    }

    private static Memory memory(TrainingJob job, int ordinal, Encoder encoder) {
        EarlierTask task = job.earlier().get(ordinal);
        List<EncodedExample> train = task.data().train();
        int[] positions = ReplayDraws.memory(
                task.data().task().task().value(), train.size(), job.recipe().replayMemory());
        List<EncodedExample> examples =
                IntStream.of(positions).mapToObj(train::get).toList();
        float[][] teacher = new float[0][];
        if (job.recipe().replayTargets() == ReplayTargets.LOGITS) {
            Scorer scorer = new Scorer(encoder, job.parent().config());
            teacher = scorer.logits(job.parent().views().task(ordinal), task.head(), examples);
        }
        return new Memory(task, examples, teacher);
    }

    /** How many examples each memory holds. */
    int[] sizes() {
        return memories.stream().mapToInt(memory -> memory.examples.size()).toArray();
    }

    /** What the drawn examples of one task are to be trained towards. */
    Optional<Part> part(List<Draw> draws, Dropout dropout) {
        if (draws.isEmpty()) {
            return Optional.empty();
        }
        Memory memory = memories.get(draws.get(0).task());
        int[] positions = draws.stream().mapToInt(Draw::position).toArray();
        List<EncodedExample> examples =
                IntStream.of(positions).mapToObj(memory.examples::get).toList();
        Batch batch = EncodedExample.batch(examples, config);
        return Optional.of(
                new Part(memory.task.head(), new Step(batch, memory.targets(positions, examples), 1, dropout)));
    }

    /**
     * The replayed part of a step.
     *
     * @param head the earlier task's head
     * @param step its examples
     */
    record Part(Head head, Step step) {}

    /**
     * What one earlier task left.
     *
     * @param teacher logits of each example; empty when labels are the targets
     */
    private record Memory(EarlierTask task, List<EncodedExample> examples, float[][] teacher) {
        private static final double TEMPERATURE = 2;

        Targets targets(int[] positions, List<EncodedExample> drawn) {
            Objective objective = task.data().objective();
            return teacher.length == 0
                    ? objective.targets(drawn)
                    : objective.teach(drawn, rows(positions), task.head().labels(), TEMPERATURE);
        }

        private float[] rows(int[] positions) {
            return Scorer.flat(IntStream.of(positions).mapToObj(i -> teacher[i]).toArray(float[][]::new));
        }
    }
}
