package io.tessellate.engine.train.replay;

import io.tessellate.engine.data.EncodedExample;
import io.tessellate.engine.objective.HeadObjective;
import io.tessellate.engine.objective.HeadScorer;
import io.tessellate.engine.objective.ModelPasses;
import io.tessellate.engine.recipe.Recipe;
import io.tessellate.engine.recipe.ReplayTargets;
import io.tessellate.engine.train.replay.ReplayDraws.Draw;
import io.tessellate.engine.version.EarlierTask;
import io.tessellate.engine.version.LearntTasks;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** The memories of earlier tasks, of which a run rehearses what it draws beside the new task's examples. */
public final class Replay {
    private final Recipe recipe;
    private final LearntTasks learnt;
    private final ModelPasses passes;
    private final List<Memory> memories;

    private Replay(Recipe recipe, LearntTasks learnt, ModelPasses passes, List<Memory> memories) {
        this.recipe = recipe;
        this.learnt = learnt;
        this.passes = passes;
        this.memories = memories;
    }

    /** Collects the memories that a recipe asks for. */
    public static Replay of(Recipe recipe, LearntTasks learnt, ModelPasses passes) {
        List<EarlierTask> replayed = recipe.replay().share() == 0 ? List.of() : learnt.remembered();
        List<Memory> memories = replayed.stream()
                .map(task -> new Memory(task, memory(task, recipe.replay().memory())))
                .toList();
        return new Replay(recipe, learnt, passes, memories);
    }

    /** The examples of a task that are remembered, the same in every run. */
    public static List<EncodedExample> memory(EarlierTask task, double share) {
        List<EncodedExample> train = task.examples();
        int[] positions = ReplayDraws.memory(task.task().task().value(), train.size(), share);
        return IntStream.of(positions).mapToObj(train::get).toList();
    }

    /** The memories in two: what a race rehearses, and so many examples of each by which it measures what is lost. Asks the tasks' views, which are moved. */
    public Split split(int heldOfEach) {
        List<Memory> rehearsed = new ArrayList<>();
        List<EarlierLoss.Probe> measured = new ArrayList<>();
        for (Memory memory : memories) {
            int size = memory.examples.size();
            int held = held(memory, heldOfEach);
            rehearsed.add(new Memory(memory.task, memory.examples.subList(held, size)));
            List<EncodedExample> probes = memory.examples.subList(0, Math.max(1, held));
            Optional<float[][]> said =
                    teacher(memory.task).map(objective -> said(memory.task, objective, probes, () -> {}));
            measured.add(new EarlierLoss.Probe(memory.task, probes, said, memory.task.constantLoss()));
        }
        return new Split(new Replay(recipe, learnt, passes, rehearsed), new EarlierLoss(passes, measured));
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
        return example(draw).length();
    }

    private EncodedExample example(Draw draw) {
        return memories.get(draw.task()).examples.get(draw.position());
    }

    /**
     * What is drawn, ready to be rehearsed. With logits as targets the tasks' own views, which are moved, are asked about these examples and no others.
     *
     * @param drawn the positions in each memory
     * @param pulse called between passes; may stop everything by throwing
     */
    public Rehearsal rehearsal(List<BitSet> drawn, Runnable pulse) {
        List<Rehearsal.Part> parts = new ArrayList<>();
        for (int ordinal = 0; ordinal < memories.size(); ordinal++) {
            Memory memory = memories.get(ordinal);
            parts.add(new Rehearsal.Part(
                    memory.task,
                    memory.examples,
                    taught(memory, drawn.get(ordinal).stream().toArray(), pulse)));
        }
        return new Rehearsal(passes, recipe.sumsCompletions(), parts);
    }

    private Optional<Rehearsal.Teacher> taught(Memory memory, int[] positions, Runnable pulse) {
        return teacher(memory.task).map(objective -> {
            List<EncodedExample> asked =
                    IntStream.of(positions).mapToObj(memory.examples::get).toList();
            float[][] rows = positions.length == 0 ? new float[0][] : said(memory.task, objective, asked, pulse);
            Map<Integer, float[]> logits = new HashMap<>();
            for (int n = 0; n < rows.length; n++) {
                logits.put(positions[n], rows[n]);
            }
            return new Rehearsal.Teacher(objective, logits);
        });
    }

    private Optional<HeadObjective> teacher(EarlierTask task) {
        return recipe.replay().targets() == ReplayTargets.LABELS
                ? Optional.empty()
                : task.objective().head();
    }

    private float[][] said(EarlierTask task, HeadObjective objective, List<EncodedExample> examples, Runnable pulse) {
        HeadScorer scorer = new HeadScorer(passes.encoder(), passes.config(), objective);
        return scorer.logits(learnt.view(task), task.head(), examples, pulse);
    }

    /** What one earlier task left to draw from. */
    private record Memory(EarlierTask task, List<EncodedExample> examples) {}
}
