package io.tessellate.engine.train.gradient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tessellate.engine.Rounding;
import io.tessellate.engine.data.EncodedExample;
import io.tessellate.engine.model.batch.Dropout;
import io.tessellate.engine.model.fixture.FlatPlaces;
import io.tessellate.engine.model.fixture.ToyEncoder;
import io.tessellate.engine.model.head.Head;
import io.tessellate.engine.model.head.HeadGradients;
import io.tessellate.engine.model.head.Step;
import io.tessellate.engine.model.head.Targets;
import io.tessellate.engine.model.pass.Encoder;
import io.tessellate.engine.model.weights.Gradients;
import io.tessellate.engine.model.weights.TrainableTensors;
import io.tessellate.engine.model.weights.Weights;
import io.tessellate.engine.objective.HeadObjective;
import io.tessellate.engine.objective.HeadScorer;
import io.tessellate.engine.objective.ModelPasses;
import io.tessellate.engine.objective.TaskData;
import io.tessellate.engine.recipe.Phase;
import io.tessellate.engine.recipe.Recipe;
import io.tessellate.engine.recipe.ReplaySchedule;
import io.tessellate.engine.recipe.Seeds;
import io.tessellate.engine.stream.StreamTask;
import io.tessellate.engine.train.TrainingControl;
import io.tessellate.engine.train.TrainingJob;
import io.tessellate.engine.train.TrainingOutcome;
import io.tessellate.engine.train.checkpoint.CheckpointStore;
import io.tessellate.engine.train.curriculum.BatchOrder;
import io.tessellate.engine.train.curriculum.Curriculum;
import io.tessellate.engine.train.entries.TrainedEntries;
import io.tessellate.engine.train.fixture.Interruptions;
import io.tessellate.engine.train.fixture.ToyTasks;
import io.tessellate.engine.train.fixture.TrainingFixture;
import io.tessellate.engine.train.replay.Distillation;
import io.tessellate.engine.train.replay.Rehearsal;
import io.tessellate.engine.train.replay.Replay;
import io.tessellate.engine.train.replay.ReplayDraws;
import io.tessellate.engine.train.replay.ReplayDraws.Draw;
import io.tessellate.engine.values.FloatBlocks;
import io.tessellate.engine.version.EarlierTask;
import io.tessellate.error.StoppedException;
import io.tessellate.mask.Mask;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What replayed examples count in a step, beside the own ones and among them. */
class MixtureTest {
    private static final int OWN = 40;

    private final TrainingFixture model = new TrainingFixture();
    private final StreamTask next = ToyTasks.lookup("next", 3, OWN);
    private final Mask eligible = Mask.all(model.views().base().layout().eligible());

    @TempDir
    private Path directory;

    @BeforeEach
    void learn() {
        Recipe quick = Recipe.of(Map.of("method", "full", "epochs", 0.2, "learningRate", 2e-3));
        for (StreamTask task : List.of(ToyTasks.lookup("first", 1, 48), ToyTasks.counting("second", 2, 48))) {
            Path checkpoints = directory.resolve(task.data().task().task().value());
            model.commit(task, model.train(task, quick, checkpoints).adapter());
        }
    }

    @AfterEach
    void close() {
        model.close();
    }

    private static Recipe recipe(Map<String, Object> more) {
        Map<String, Object> fields = new HashMap<>(
                Map.of("method", "full", "epochs", 2, "batchSize", 8, "learningRate", 1e-3, "replayShare", 0.5));
        fields.putAll(Map.of("replayTargets", "labels", "replayMemory", 0.5, "bucketWindow", 1, "distillShare", 0));
        fields.putAll(more);
        return Recipe.of(fields);
    }

    private static Recipe mixed(Map<String, Object> more) {
        return recipe(more).with("replaySchedule", "mixed");
    }

    /** The gradient of a step's loss in the eligible weights. */
    private float[] gradient(TrainingJob job, int step) {
        return Probe.of(
                job,
                eligible,
                (sources, entries, head) ->
                        read(sources.phase(Phase.TRAIN, entries, model.views().union(), head), entries, head, step));
    }

    private static float[] read(PhaseGradients phase, TrainedEntries entries, Head head, int step) {
        FloatBlocks gradient = FloatBlocks.zeros(entries.blocks()).then(List.of(new float[head.values().length]));
        try (GradientSource source = phase.from(step)) {
            source.compute(step);
            source.read(gradient, gradient);
        }
        float[] all = gradient.toArray();
        return Arrays.copyOf(all, all.length - head.values().length);
    }

    /** An example, what it is held to, what it counts, and the head that it goes through. */
    private record Counted(EncodedExample example, Targets targets, Head head, double weight) {
        Counted(TaskData data, EncodedExample example, Head head, double weight) {
            this(example, data.objective().head().orElseThrow().targets(List.of(example)), head, weight);
        }
    }

    /** The definition, example by example. */
    private float[] reference(List<Counted> all) {
        Weights union = model.views().union();
        double[] sum = new double[(int) eligible.cardinality()];
        try (Encoder encoder = new Encoder(TrainingFixture.BACKEND, ToyEncoder.CONFIG);
                Gradients gradients = new Gradients(TrainingFixture.BACKEND, TrainableTensors.all(union.layout()))) {
            for (Counted one : all) {
                gradients.zero();
                List<EncodedExample> example = List.of(one.example());
                Step step = new Step(EncodedExample.batch(example, ToyEncoder.CONFIG), one.targets());
                encoder.backward(union, one.head(), step, gradients, HeadGradients.of(one.head()));
                int[] places = FlatPlaces.of(union.layout(), eligible);
                float[] gradient =
                        gradients.vector().toArray(0, (int) union.layout().size());
                for (int n = 0; n < sum.length; n++) {
                    sum[n] += one.weight() * gradient[places[n]];
                }
            }
        }
        float[] single = new float[sum.length];
        for (int n = 0; n < single.length; n++) {
            single[n] = (float) sum[n];
        }
        return single;
    }

    private static Counted own(TrainingJob job, Head head, int position, double weight) {
        return new Counted(job.data(), job.data().train().get(position), head, weight);
    }

    private static Counted earlier(TrainingJob job, Draw draw, double weight) {
        EarlierTask task = job.earlier().get(draw.task());
        int[] memory = memory(task);
        return new Counted(
                task.data().orElseThrow(), task.examples().get(memory[draw.position()]), task.head(), weight);
    }

    /** Held to what its task's own view says about it alone. */
    private static Counted taught(TrainingJob job, Draw draw, double weight) {
        Counted labelled = earlier(job, draw, weight);
        EarlierTask task = job.earlier().get(draw.task());
        HeadObjective objective = task.objective().head().orElseThrow();
        List<EncodedExample> example = List.of(labelled.example());
        try (ModelPasses passes = new ModelPasses(TrainingFixture.BACKEND, ToyEncoder.CONFIG)) {
            HeadScorer scorer = new HeadScorer(passes.encoder(), ToyEncoder.CONFIG, objective);
            float[] said = scorer.logits(job.learnt().view(task), task.head(), example)[0];
            Targets targets = objective.teach(example, said, task.head().labels(), 2);
            return new Counted(labelled.example(), targets, task.head(), weight);
        }
    }

    private static int[] memory(EarlierTask task) {
        return ReplayDraws.memory(task.task().task().value(), task.examples().size(), 0.5);
    }

    private static ReplayDraws draws(TrainingJob job, double perStep, long steps, String purpose) {
        int[] sizes =
                job.earlier().stream().mapToInt(task -> memory(task).length).toArray();
        return new ReplayDraws(perStep, ReplaySchedule.CONSTANT, steps, sizes, new Seeds(0), purpose);
    }

    private static Rounding rounding() {
        return Rounding.pass(ToyEncoder.CONFIG, 16, 16 * 64);
    }

    @ParameterizedTest
    @ValueSource(doubles = {1, 3})
    void besideTheOwnBatchTheirMeanLossCountsAsMuchAsTheRecipeSays(double weight) {
        TrainingJob job = model.job(next, recipe(Map.of("replayWeight", weight)));
        Curriculum curriculum = Curriculum.of(job.recipe(), job.data(), job.learnt());
        Head head = curriculum.initialHead(Phase.TRAIN);
        List<Counted> all = new ArrayList<>();
        for (int position : curriculum.order(Phase.TRAIN).epoch(0).get(0)) {
            all.add(own(job, head, position, 1.0 / 8));
        }
        List<Draw> drawn = draws(job, 4, 10, "replay/train").next();
        assertThat(drawn).hasSize(4);
        drawn.forEach(draw -> all.add(earlier(job, draw, weight / 4)));
        rounding().assertClose(gradient(job, 0), reference(all));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3, 9})
    void withLogitsEachIsHeldToItsOwnView(int step) {
        TrainingJob job = model.job(next, recipe(Map.of("replayTargets", "logits")));
        Curriculum curriculum = Curriculum.of(job.recipe(), job.data(), job.learnt());
        Head head = curriculum.initialHead(Phase.TRAIN);
        List<Counted> all = new ArrayList<>();
        for (int position : curriculum.order(Phase.TRAIN).from(step, 10).get(0)) {
            all.add(own(job, head, position, 1.0 / 8));
        }
        ReplayDraws draws = draws(job, 4, 10, "replay/train");
        draws.next(step);
        draws.next().forEach(draw -> all.add(taught(job, draw, 1.0 / 4)));
        rounding().assertClose(gradient(job, step), reference(all));
    }

    @Test
    void whoAsksTheViewsCanBeStopped() {
        TrainingJob job = model.job(
                next, recipe(Map.of("replayTargets", "logits", "replaySchedule", "constant", "distillShare", 0.5)));
        Curriculum curriculum = Curriculum.of(job.recipe(), job.data(), job.learnt());
        Runnable stop = () -> {
            throw new StoppedException("stopped");
        };
        try (ModelPasses passes = new ModelPasses(TrainingFixture.BACKEND, ToyEncoder.CONFIG)) {
            List<BitSet> drawn = List.of(new BitSet(), BitSet.valueOf(new long[] {1 << 5}));
            Replay replay = Replay.of(job.recipe(), job.learnt(), passes);
            assertThatExceptionOfType(StoppedException.class).isThrownBy(() -> replay.rehearsal(drawn, stop));
            assertThatExceptionOfType(StoppedException.class)
                    .isThrownBy(() -> Distillation.of(
                            job.recipe(), job.learnt(), passes, next.data().train(), curriculum::ownBatches, stop));
        }
    }

    @Test
    void theViewsAreAskedAboutWhatIsDrawnAndNothingElse() {
        TrainingJob job = model.job(next, recipe(Map.of("replayTargets", "logits")));
        try (ModelPasses passes = new ModelPasses(TrainingFixture.BACKEND, ToyEncoder.CONFIG);
                Gradients into = new Gradients(
                        TrainingFixture.BACKEND,
                        TrainableTensors.all(model.views().union().layout()))) {
            Replay replay = Replay.of(job.recipe(), job.learnt(), passes);
            Rehearsal rehearsal =
                    replay.rehearsal(List.of(new BitSet(), BitSet.valueOf(new long[] {1 << 5})), () -> {});
            Weights union = model.views().union();
            assertThat(rehearsal.add(List.of(new Draw(1, 5)), union, Dropout.none(), into, 1))
                    .isNotNegative();
            assertThatExceptionOfType(NoSuchElementException.class)
                    .isThrownBy(() -> rehearsal.add(List.of(new Draw(1, 6)), union, Dropout.none(), into, 1))
                    .withMessageContaining("6");
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 0", "3, 0", "1, 2"})
    void amongTheOwnOnesEachExampleCountsTheSameTimesTheWeight(double weight, int microBatch) {
        TrainingJob job = model.job(next, mixed(Map.of("replayWeight", weight, "microBatch", microBatch)));
        Curriculum curriculum = Curriculum.of(job.recipe(), job.data(), job.learnt());
        Head head = curriculum.initialHead(Phase.TRAIN);
        ReplayDraws draws = draws(job, 1, OWN / 2, "mixture/train");
        List<Draw> among = new ArrayList<>();
        IntStream.range(0, OWN / 2).forEach(n -> among.addAll(draws.next()));
        BatchOrder order = curriculum.order(Phase.TRAIN, new int[OWN / 2]);
        List<Counted> all = new ArrayList<>();
        for (int position : order.epoch(0).get(1)) {
            all.add(
                    position < OWN
                            ? own(job, head, position, 1.0 / 8)
                            : earlier(job, among.get(position - OWN), weight / 8));
        }
        assertThat(all).extracting(Counted::head).contains(head).anyMatch(other -> !other.equals(head));
        rounding().assertClose(gradient(job, 1), reference(all));
    }

    @Test
    void anEpochGoesOverOwnAndMixedExamplesOnce() {
        TrainingJob job = model.job(next, mixed(Map.of()));
        Curriculum curriculum = Curriculum.of(job.recipe(), job.data(), job.learnt());
        assertThat(curriculum.mixedExamples(Phase.TRAIN)).isEqualTo(OWN / 2);
        assertThat(curriculum.steps(Phase.TRAIN)).isEqualTo(2 * 8);
        List<int[]> epoch = curriculum.order(Phase.TRAIN, new int[OWN / 2]).epoch(0);
        assertThat(epoch).allMatch(batch -> batch.length <= 8);
        assertThat(epoch.stream().flatMapToInt(IntStream::of).sorted().toArray())
                .containsExactly(IntStream.range(0, OWN + OWN / 2).toArray());
    }

    @Test
    void withNothingToRememberItIsATrainingAsEver() {
        TrainingFixture fresh = new TrainingFixture();
        TrainingJob job = fresh.job(next, mixed(Map.of()));
        Curriculum curriculum = Curriculum.of(job.recipe(), job.data(), job.learnt());
        assertThat(curriculum.mixedExamples(Phase.TRAIN)).isZero();
        assertThat(curriculum.steps(Phase.TRAIN)).isEqualTo(2 * 5);
        fresh.close();
    }

    @Test
    void aRunThatIsStoppedGoesOnWithTheSameMixture() {
        TrainingJob job = model.job(
                next,
                mixed(Map.of("method", "lota", "density", 0.1, "calibrationScope", "all", "replayTargets", "logits")));
        TrainingOutcome undisturbed =
                model.train(job, TrainingControl.unattended(new CheckpointStore(directory.resolve("whole"))));
        assertThat(undisturbed.steps()).isEqualTo(8 + 16);
        Interruptions interruptions = Interruptions.every(5, directory.resolve("stopped"));
        assertThat(interruptions.train(job)).isEqualTo(undisturbed);
        assertThat(interruptions.count()).isGreaterThan(2);
    }
}
