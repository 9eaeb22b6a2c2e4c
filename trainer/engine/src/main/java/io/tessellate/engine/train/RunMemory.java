package io.tessellate.engine.train;

import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.data.EncodedExample;
import io.tessellate.engine.method.Avoidance;
import io.tessellate.engine.model.batch.TokenSequence;
import io.tessellate.engine.plan.BackendMemory;
import io.tessellate.engine.plan.MemoryPlanner;
import io.tessellate.engine.plan.PlannedModel;
import io.tessellate.engine.plan.RunLengths;
import io.tessellate.engine.recipe.Lookback;
import io.tessellate.engine.recipe.Phase;
import io.tessellate.engine.recipe.Recipe;
import io.tessellate.engine.recipe.ReplayRecipe;
import io.tessellate.engine.train.curriculum.Curriculum;
import io.tessellate.engine.train.gradient.RunDraws;
import io.tessellate.engine.train.replay.Replay;
import io.tessellate.engine.version.EarlierTask;
import io.tessellate.method.Trait;
import io.tessellate.recipe.RecipeField;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** The memory of a run whose examples are known: by their lengths, in the batches in which they will come. */
public final class RunMemory {
    private RunMemory() {}

    /**
     * Plans a run whatever lies in memory already.
     *
     * @param raced the fields that a race sets, of which the curriculum's recipe has the largest values
     */
    public static MemoryPlanner planner(
            Curriculum curriculum,
            List<RecipeField> raced,
            PlannedModel model,
            List<EarlierTask> earlier,
            Backend backend) {
        Recipe recipe = curriculum.recipe();
        Map<Phase, RunLengths.SeenBatches> batches = new EnumMap<>(Phase.class);
        batches.put(Phase.TRAIN, seen(curriculum, Phase.TRAIN));
        if (recipe.transformation().share() > 0) {
            batches.put(Phase.TRANSFORM, seen(curriculum, Phase.TRANSFORM));
        }
        if (recipe.methodName().has(Trait.LOOKS_AT_DATA) || recipe.avoid() == Avoidance.CONFLICT) {
            batches.put(Phase.CALIBRATE, seen(curriculum, Phase.CALIBRATE));
        }
        List<RunLengths.Remembered> remembered =
                recipe.lookback() == Lookback.NONE ? List.of() : remembered(curriculum, raced, earlier);
        RunLengths lengths = new RunLengths(
                curriculum.data(Phase.TRAIN).data().objective().head().isEmpty(),
                curriculum.data(Phase.TRAIN).examples().train().size(),
                batches,
                curriculum.data(Phase.TRAIN).examples().held().stream()
                        .map(RunMemory::lengths)
                        .toList(),
                remembered,
                bytes(curriculum, earlier));
        return new MemoryPlanner(model, recipe, lengths, BackendMemory.of(backend));
    }

    private static RunLengths.SeenBatches seen(Curriculum curriculum, Phase phase) {
        return new RunLengths.SeenBatches(
                lengths(curriculum.data(phase).examples().train()),
                () -> curriculum.batches(phase),
                curriculum.batchCount(phase),
                curriculum.inputs(phase));
    }

    private static int[] lengths(EncodedExample example) {
        return example.sequences().stream().mapToInt(TokenSequence::length).toArray();
    }

    private static List<RunLengths.Remembered> remembered(
            Curriculum curriculum, List<RecipeField> raced, List<EarlierTask> earlier) {
        ReplayRecipe replay = curriculum.recipe().replay();
        List<List<int[]>> memories = earlier.stream()
                .map(task -> lengths(Replay.memory(task, replay.memory())))
                .toList();
        int[] sizes =
                memories.stream().mapToInt(List::size).filter(size -> size > 0).toArray();
        Iterator<BitSet> drawn = replay.share() == 0
                ? Collections.emptyIterator()
                : new RunDraws(curriculum, sizes).drawn().iterator();
        List<RunLengths.Remembered> remembered = new ArrayList<>();
        for (int ordinal = 0; ordinal < earlier.size(); ordinal++) {
            EarlierTask task = earlier.get(ordinal);
            List<int[]> memory = memories.get(ordinal);
            boolean draws = task.isRemembered() && drawn.hasNext();
            remembered.add(new RunLengths.Remembered(
                    task.objective().head().isEmpty(),
                    task.head().labels(),
                    replay.examined() > replay.memory() ? lengths(Replay.memory(task, replay.examined())) : memory,
                    asked(raced, memory, draws ? drawn.next() : new BitSet())));
        }
        return remembered;
    }

    /** What is drawn; a race's trials draw no more unless there may be more epochs, but others, and measure some. */
    private static List<int[]> asked(List<RecipeField> raced, List<int[]> memory, BitSet drawn) {
        if (raced.isEmpty()) {
            return drawn.stream().mapToObj(memory::get).toList();
        }
        if (raced.contains(RecipeField.EPOCHS)) {
            return memory;
        }
        return memory.stream()
                .sorted(Comparator.comparingInt(
                                (int[] lengths) -> Arrays.stream(lengths).sum())
                        .reversed())
                .limit(Math.max(drawn.cardinality(), RaceTrials.MOST_OF_EACH))
                .toList();
    }

    private static List<int[]> lengths(List<EncodedExample> examples) {
        return examples.stream().map(RunMemory::lengths).toList();
    }

    private static long bytes(Curriculum curriculum, List<EarlierTask> earlier) {
        long sum = bytes(curriculum.data(Phase.TRAIN).data().train());
        for (EarlierTask task : earlier) {
            sum += bytes(task.examples());
        }
        Recipe recipe = curriculum.recipe();
        if (recipe.calibration().borrows(recipe.lookback())) {
            sum += bytes(curriculum.data(Phase.CALIBRATE).data().train());
        }
        return sum;
    }

    private static long bytes(List<EncodedExample> examples) {
        return examples.stream()
                .mapToLong(example -> RunLengths.bytes(lengths(example)))
                .sum();
    }
}
