package io.tessellate.engine.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.tessellate.engine.Rounding;
import io.tessellate.engine.data.EncodedExample;
import io.tessellate.engine.model.batch.Dropout;
import io.tessellate.engine.model.fixture.ToyEncoder;
import io.tessellate.engine.model.head.Head;
import io.tessellate.engine.model.weights.Weights;
import io.tessellate.engine.objective.ModelPasses;
import io.tessellate.engine.optimizer.GradientNorm;
import io.tessellate.engine.recipe.Phase;
import io.tessellate.engine.recipe.Recipe;
import io.tessellate.engine.recipe.Seeds;
import io.tessellate.engine.stream.StreamTask;
import io.tessellate.engine.train.checkpoint.CheckpointStore;
import io.tessellate.engine.train.checkpoint.EarlyStop;
import io.tessellate.engine.train.curriculum.Curriculum;
import io.tessellate.engine.train.curriculum.HeldOutSplit;
import io.tessellate.engine.train.entries.TrainedEntries;
import io.tessellate.engine.train.fixture.Interruptions;
import io.tessellate.engine.train.fixture.ToyTasks;
import io.tessellate.engine.train.fixture.TrainingFixture;
import io.tessellate.engine.train.gradient.GradientSource;
import io.tessellate.engine.train.gradient.GradientSources;
import io.tessellate.engine.values.FloatBlocks;
import io.tessellate.engine.version.Views;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a recipe can change about the optimisation, whatever the method. */
@Tag("numeric")
class TrainingOptionsTest {
    private final TrainingFixture model = new TrainingFixture();
    private final StreamTask task = ToyTasks.lookup("one", 1, 100);

    @TempDir
    private Path directory;

    @AfterEach
    void close() {
        model.close();
    }

    static Stream<Map<String, Object>> options() {
        return Stream.of(
                Map.of("dropout", 0.2),
                Map.of("microBatch", 5),
                Map.of("schedule", "cosine", "warmupSteps", 3),
                Map.of("clipTensorNorm", 0.01),
                Map.of("bucketWindow", 1),
                Map.of("stopShare", 0.3),
                Map.of(
                        "dropout",
                        0.1,
                        "microBatch",
                        7,
                        "schedule",
                        "cosine",
                        "warmupShare",
                        0.2,
                        "clipTensorNorm",
                        0.5,
                        "stopShare",
                        0.2,
                        "stopPatience",
                        2));
    }

    private static Recipe recipe(Map<String, ?> changes) {
        Map<String, Object> fields = new HashMap<>(Map.of("method", "lotto", "epochs", 3, "learningRate", 5e-3));
        fields.putAll(changes);
        return Recipe.of(fields);
    }

    @ParameterizedTest
    @MethodSource("options")
    void aRunStoppedAtRandomStepsEndsInTheSameAdapter(Map<String, Object> option) {
        TrainingJob job = model.job(task, recipe(option));
        TrainingOutcome undisturbed =
                model.train(job, TrainingControl.unattended(new CheckpointStore(directory.resolve("1"))));
        assertThat(interrupted(job)).isEqualTo(undisturbed);
    }

    private TrainingOutcome interrupted(TrainingJob job) {
        return Interruptions.atRandom(9, new Random(6), directory.resolve("2")).train(job);
    }

    @ParameterizedTest
    @MethodSource("options")
    void everyOptionChangesTheAdapter(Map<String, Object> option) {
        TrainingOutcome plain = model.train(task, recipe(Map.of()), directory.resolve("1"));
        TrainingOutcome changed = model.train(task, recipe(option), directory.resolve("2"));
        assertThat(changed.adapter().head()).isNotEqualTo(plain.adapter().head());
    }

    @ParameterizedTest
    @ValueSource(strings = {"lotto", "lota", "full", "expander"})
    void layersThatAreComputedAgainChangeNoWeight(String method) {
        Recipe kept = recipe(Map.of("method", method, "dropout", 0.2, "attentionDropout", 0.2));
        TrainingOutcome plain = model.train(task, kept, directory.resolve("1"));
        TrainingOutcome again = model.train(task, kept.with("recompute", true), directory.resolve("2"));
        assertThat(again.adapter().updates()).isEqualTo(plain.adapter().updates());
        assertThat(again.adapter().head()).isEqualTo(plain.adapter().head());
        assertThat(again.finalLoss()).isEqualTo(plain.finalLoss());
    }

    @Test
    void aHeadOfOneTokensVectorLearnsWhatThatVectorTells() {
        Recipe token = recipe(Map.of("method", "full", "features", "token", "epochs", 4));
        TrainingOutcome outcome = model.train(task, token, directory.resolve("1"));
        Head head = Views.headOf(outcome.adapter());
        assertThat(head.features()).isEqualTo(ToyEncoder.CONFIG.hidden());
        TrainingOutcome again = model.train(task, token, directory.resolve("2"));
        assertThat(again.adapter().head()).isEqualTo(outcome.adapter().head());
        assertThat(again.adapter().updates()).isEqualTo(outcome.adapter().updates());
        assertThat(outcome.finalLoss())
                .isLessThan(0.8
                        * task.data()
                                .objective()
                                .constantLoss(task.data().train())
                                .orElseThrow());
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.3})
    void microBatchesAddUpToTheStepOfTheWholeBatch(double dropout) {
        Gradient whole = gradient(recipe(Map.of("dropout", dropout)));
        for (int size : new int[] {1, 5, 16}) {
            Gradient parts = gradient(recipe(Map.of("dropout", dropout, "microBatch", size)));
            Rounding rounding = Rounding.pass(ToyEncoder.CONFIG, 16, 16 * 16);
            assertThat(parts.loss).isCloseTo(whole.loss, rounding.of(Math.max(1, whole.loss)));
            rounding.assertClose(parts.values, whole.values);
        }
        assertThat(GradientNorm.of(whole.values)).isGreaterThan(0.1);
    }

    private record Gradient(double loss, float[] values) {}

    private Gradient gradient(Recipe recipe) {
        TrainingJob job = model.job(task, recipe);
        Curriculum curriculum = Curriculum.of(recipe, job.data(), job.learnt());
        try (ModelPasses passes = new ModelPasses(TrainingFixture.BACKEND, ToyEncoder.CONFIG);
                Weights weights = model.views().union().copy()) {
            var gradients = new GradientSources(curriculum, job.learnt(), passes, TrainingFixture.BACKEND, () -> {});
            TrainedEntries entries = new TrainedEntries.All(weights.layout());
            Head head = curriculum.initialHead(Phase.TRAIN);
            FloatBlocks values = FloatBlocks.zeros(entries.blocks()).then(List.of(new float[head.values().length]));
            try (GradientSource source =
                    gradients.phase(Phase.TRAIN, entries, weights, head).from(4)) {
                double loss = source.compute(4);
                source.read(values.zeros(), values);
                return new Gradient(loss, values.toArray());
            }
        }
    }

    /** A hundred examples are seven batches. */
    @Test
    void aSmallTrainSplitIsGoneThroughAsOftenAsTheLeastStepsWantAndALargerOneAsOftenAsSaid() {
        Map<String, Object> fields = Map.of(
                "method", "random", "density", 0.1, "learningRate", 1e-3, "replayShare", 0, "epochs", 2, "seed", 3);
        Recipe said = Recipe.of(fields);
        TrainingOutcome raised = trained(said.with("minSteps", 30));
        assertThat(trained(said).steps()).isEqualTo(14);
        assertThat(trained(said.with("minSteps", 10)).steps()).isEqualTo(14);
        assertThat(raised.steps()).isEqualTo(30);
        assertThat(trained(said.with("minSteps", 100_000)).steps()).isEqualTo(140);
        TrainingOutcome spelledOut = trained(said.with("epochs", 30.0 / 7));
        assertThat(raised.adapter().updates()).isEqualTo(spelledOut.adapter().updates());
        assertThat(raised.adapter().head()).isEqualTo(spelledOut.adapter().head());
    }

    private TrainingOutcome trained(Recipe recipe) {
        return model.train(task, recipe, directory.resolve(Integer.toString(recipe.hashCode())));
    }

    @Test
    void whatIsHeldOutFollowsFromTheSeedAndIsNotTrainedOn() {
        List<EncodedExample> examples = task.data().train();
        HeldOutSplit once = HeldOutSplit.of(examples, 0.2, new Seeds(1));
        assertThat(once).isEqualTo(HeldOutSplit.of(examples, 0.2, new Seeds(1)));
        assertThat(once).isNotEqualTo(HeldOutSplit.of(examples, 0.2, new Seeds(2)));
        assertThat(once.held()).hasSize(20);
        List<EncodedExample> all = new ArrayList<>(once.train());
        all.addAll(once.held());
        assertThat(all).containsExactlyInAnyOrderElementsOf(examples);
        assertThat(HeldOutSplit.of(examples, 0, new Seeds(1)).train()).isEqualTo(examples);
    }

    @Test
    void trainingEndsOnceTheHeldOutLossRisesAndKeepsTheBestValues() {
        StreamTask little = ToyTasks.lookup("little", 1, 40);
        Map<String, Object> long60 = Map.of("method", "full", "epochs", 60, "learningRate", 1e-2, "stopShare", 0.5);
        Map<String, Object> patient = new HashMap<>(long60);
        patient.put("stopPatience", 60);
        List<TrainingProgress> heard = new ArrayList<>();
        TrainingOutcome stopped = model.train(
                model.job(little, Recipe.of(long60)),
                TrainingControl.unattended(new CheckpointStore(directory.resolve("1")))
                        .with(heard::add));
        TrainingOutcome complete = model.train(little, Recipe.of(patient), directory.resolve("2"));
        assertThat(complete.steps()).isEqualTo(120);
        assertThat(stopped.steps()).isLessThan(60).isEqualTo(heard.size());
        assertThat(stopped.finalLoss()).isPositive().isFinite();
    }

    @Test
    void theBestCheckIsKeptAndMissesAreCountedInARow() {
        EarlyStop stop = new EarlyStop(2, EarlyStop.State.start());
        float[] values = {0};
        double[] losses = {3, 2, 2.5, 1, 1};
        for (int i = 0; i < losses.length; i++) {
            values[0] = i;
            stop.checked(losses[i], FloatBlocks.of(values));
            assertThat(stop.over()).isFalse();
        }
        stop.checked(4, FloatBlocks.of(new float[] {9}));
        assertThat(stop.over()).isTrue();
        stop.restore(FloatBlocks.of(values));
        assertThat(values).containsExactly(3);
    }

    @Test
    void nothingIsDroppedWhileScoringOrWithoutTheOption() {
        Recipe none = recipe(Map.of());
        assertThat(none.dropout()).isZero();
        assertThat(gradient(none).loss).isNotEqualTo(gradient(recipe(Map.of("dropout", 0.5))).loss);
        assertThat(gradient(none).loss).isNotEqualTo(gradient(recipe(Map.of("attentionDropout", 0.5))).loss);
        assertThat(gradient(none).loss).isEqualTo(gradient(recipe(Map.of("seed", 0))).loss);
        assertThat(Dropout.none().rate()).isZero();
    }
}
