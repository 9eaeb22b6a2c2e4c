package io.tessellate.engine.plan;

import io.tessellate.engine.method.Avoidance;
import io.tessellate.engine.model.config.ModelConfig;
import io.tessellate.engine.model.head.Features;
import io.tessellate.engine.model.pass.PassSizes;
import io.tessellate.engine.recipe.Phase;
import io.tessellate.engine.recipe.Recipe;
import io.tessellate.engine.recipe.ReplaySchedule;
import io.tessellate.engine.recipe.ReplayTargets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The largest passes of each part of a run. Own batches are known one by one, the first ten thousand; of those after them, and of
 * what is drawn from earlier tasks, only how much, so that the longest stand for it. Where examples share sequences, which is known of the
 * first alone, that leaves out batches that happen to have more of them.
 */
final class LargestPasses {
    /** Examples that heads score together, and completions. */
    static final int SCORED = 64;

    static final int SCORED_TEXTS = 16;

    private final ModelConfig config;
    private final Recipe recipe;
    private final RunLengths lengths;

    LargestPasses(ModelConfig config, Recipe recipe, RunLengths lengths) {
        this.config = config;
        this.recipe = recipe;
        this.lengths = lengths;
    }

    /** The largest passes of one part of the run. */
    PassFloats of(PlannedPhase phase, int microBatch) {
        return switch (phase) {
            case TEACH -> teachers();
            case AVOID ->
                recipe.avoid() == Avoidance.CONFLICT
                        ? memories(microBatch).or(own(Phase.CALIBRATE, microBatch))
                        : single();
            case CONSOLIDATE -> single();
            case REFRESH -> own(Phase.CALIBRATE, microBatch);
            case SEARCH -> step(Phase.CALIBRATE, microBatch);
            case TRANSFORM -> step(Phase.TRANSFORM, microBatch);
            case TRAIN -> step(Phase.TRAIN, microBatch).or(validation());
            case KEEP, SCORE -> PassFloats.NONE;
        };
    }

    private PassFloats step(Phase phase, int microBatch) {
        return own(phase, microBatch)
                .or(recipe.replay().mixes() ? mixture(phase, microBatch) : replay())
                .or(distillation(phase));
    }

    /** A step may hold the longest of the own examples, or of those among them. */
    private PassFloats mixture(Phase phase, int microBatch) {
        return bound(lengths.text(), longest(lengths.seen(phase).examples(), together(microBatch)))
                .or(ofLongest(together(microBatch)));
    }

    /** How many examples of a step go through the model at once. */
    private int together(int microBatch) {
        return microBatch == 0 ? recipe.batchSize() : Math.min(recipe.batchSize(), microBatch);
    }

    private PassFloats own(Phase phase, int microBatch) {
        RunLengths.SeenBatches seen = lengths.seen(phase);
        LargestBatches largest = new LargestBatches(config);
        seen.batches().forEach(batch -> {
            int part = microBatch == 0 ? batch.size() : microBatch;
            for (int from = 0; from < batch.size(); from += part) {
                largest.add(sequences(batch.subList(from, Math.min(batch.size(), from + part))));
            }
        });
        PassFloats most =
                seen.goOn() ? bound(lengths.text(), longest(seen.examples(), together(microBatch))) : PassFloats.NONE;
        for (int[] part : largest.lengths()) {
            most = most.or(training(lengths.text(), recipe.features(), part));
        }
        return most;
    }

    private PassFloats replay() {
        if (recipe.replay().share() == 0) {
            return PassFloats.NONE;
        }
        // A schedule that rises or falls comes to twice its mean; a fraction is carried over to the next step.
        double weight = recipe.replay().schedule() == ReplaySchedule.CONSTANT ? 1 : 2;
        return ofLongest((int) Math.ceil(weight * recipe.replay().share() * recipe.batchSize()));
    }

    private PassFloats memories(int microBatch) {
        return ofLongest(together(microBatch));
    }

    private PassFloats single() {
        return ofLongest(1);
    }

    private PassFloats ofLongest(int count) {
        PassFloats most = PassFloats.NONE;
        for (RunLengths.Remembered earlier : lengths.earlier()) {
            most = most.or(bound(earlier.text(), longest(drawn(earlier.memory(), count), count)));
        }
        return most;
    }

    /** What so many draws may be of: a memory that is used up is gone through again, in the midst of a step too. */
    private static List<int[]> drawn(List<int[]> memory, int count) {
        int times = memory.isEmpty() ? 0 : (count - 2 + memory.size()) / memory.size() + 1;
        return IntStream.range(0, count == 1 ? 1 : times)
                .boxed()
                .flatMap(time -> memory.stream())
                .toList();
    }

    /** Own inputs go through earlier tasks' heads, whole steps at most. */
    private PassFloats distillation(Phase phase) {
        boolean onAnother =
                phase == Phase.CALIBRATE && !recipe.calibration().maskFrom().isEmpty();
        if (!recipe.replay().distils() || onAnother || lengths.earlierHeads() == 0) {
            return PassFloats.NONE;
        }
        return own(phase).or(pseudo(phase));
    }

    /** Which random inputs meet is not known: each may be as long as the longest own one. */
    private PassFloats pseudo(Phase phase) {
        int count = drawnOfBatch(recipe.replay().pseudoShare());
        return count == 0 ? PassFloats.NONE : bound(false, longestOf(phase, count));
    }

    private int[] longestOf(Phase phase, int count) {
        int longest = IntStream.of(sequences(firsts(lengths.seen(phase).examples())))
                .max()
                .orElse(0);
        return IntStream.generate(() -> longest).limit(count).toArray();
    }

    private int drawnOfBatch(double share) {
        return (int) Math.ceil(Math.min(1, share) * recipe.batchSize());
    }

    private PassFloats own(Phase phase) {
        int count = drawnOfBatch(recipe.replay().distillShare());
        if (count == 0) {
            return PassFloats.NONE;
        }
        RunLengths.SeenBatches seen = lengths.seen(phase);
        LargestBatches largest = new LargestBatches(config);
        int[] ofInput = sequences(firsts(seen.examples()));
        seen.lookedAt().forEach(batch -> {
            int[] drawn = IntStream.of(batch)
                    .map(position -> ofInput[position])
                    .sorted()
                    .toArray();
            largest.add(Arrays.copyOfRange(drawn, Math.max(0, drawn.length - count), drawn.length));
        });
        PassFloats most = seen.goOn() ? bound(false, longest(firsts(seen.examples()), count)) : PassFloats.NONE;
        for (int[] drawn : largest.lengths()) {
            most = most.or(bound(false, drawn));
        }
        return most;
    }

    private PassFloats teachers() {
        PassFloats most = PassFloats.NONE;
        if (recipe.replay().share() > 0 && recipe.replay().targets() == ReplayTargets.LOGITS) {
            for (RunLengths.Remembered earlier : lengths.earlier()) {
                most = earlier.text()
                        ? most
                        : most.or(evaluation(false, Features.TOKEN_AND_MEAN, longest(earlier.asked(), SCORED)));
            }
        }
        if (lengths.earlierHeads() == 0) {
            return most;
        }
        RunLengths.SeenBatches seen = lengths.seen(Phase.TRAIN);
        int own = asked(recipe.replay().distillShare(), seen);
        int pseudo = asked(recipe.replay().pseudoShare(), seen);
        most = own == 0
                ? most
                : most.or(evaluation(false, Features.TOKEN_AND_MEAN, longest(firsts(seen.examples()), own)));
        return pseudo == 0 ? most : most.or(evaluation(false, Features.TOKEN_AND_MEAN, longestOf(Phase.TRAIN, pseudo)));
    }

    private static int asked(double share, RunLengths.SeenBatches seen) {
        return (int) Math.min(SCORED, (long) Math.ceil(share * seen.inputs()));
    }

    private PassFloats validation() {
        return lengths.held().isEmpty()
                ? PassFloats.NONE
                : evaluation(
                        lengths.text(),
                        recipe.features(),
                        longest(lengths.held(), lengths.text() ? SCORED_TEXTS : SCORED));
    }

    private static List<int[]> firsts(List<int[]> examples) {
        return examples.stream().map(example -> new int[] {example[0]}).toList();
    }

    private static int[] sequences(List<int[]> examples) {
        return examples.stream().flatMapToInt(IntStream::of).toArray();
    }

    /** The sequences of the longest examples. */
    static int[] longest(List<int[]> examples, int count) {
        return sequences(examples.stream()
                .sorted(Comparator.<int[]>comparingInt(
                                example -> IntStream.of(example).max().orElseThrow())
                        .reversed())
                .limit(count)
                .toList());
    }

    /**
     * Whether tokens are packed or not, which decides what takes more, depends on what is drawn. What an earlier task's head reads
     * is not known here: all of it takes most.
     */
    private PassFloats bound(boolean text, int... drawn) {
        if (drawn.length == 0) {
            return PassFloats.NONE;
        }
        int[] padded = new int[drawn.length];
        Arrays.fill(padded, IntStream.of(drawn).max().orElseThrow());
        return training(text, Features.TOKEN_AND_MEAN, drawn).or(training(text, Features.TOKEN_AND_MEAN, padded));
    }

    private PassFloats training(boolean text, Features features, int... sequences) {
        Features read = text ? Features.TOKEN_AND_MEAN : features;
        long floats = PassSizes.trainingFloats(config, recipe.kept(), read, sequences);
        return floats(text, floats, sequences);
    }

    private PassFloats evaluation(boolean text, Features features, int... sequences) {
        Features read = text ? Features.TOKEN_AND_MEAN : features;
        return sequences.length == 0
                ? PassFloats.NONE
                : floats(text, PassSizes.evaluationFloats(config, read, sequences), sequences);
    }

    private PassFloats floats(boolean text, long floats, int... sequences) {
        return new PassFloats(
                text ? 0 : floats,
                text ? floats : 0,
                PassSizes.kernelFloats(config, recipe.attentionDropout() > 0, sequences),
                PassSizes.rows(config, sequences));
    }
}
