package io.tessellate.engine.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.tessellate.dataset.manifest.MetricName;
import io.tessellate.engine.data.EncodedExample;
import io.tessellate.engine.model.batch.TokenSequence;
import io.tessellate.engine.model.config.ModelConfig;
import io.tessellate.engine.model.fixture.SmallModel;
import io.tessellate.engine.model.fixture.ToyDecoder;
import io.tessellate.engine.model.fixture.ToyEncoder;
import io.tessellate.engine.model.weights.ParameterLayout;
import io.tessellate.engine.model.weights.Weights;
import io.tessellate.engine.objective.TaskData;
import io.tessellate.engine.objective.TextObjective;
import io.tessellate.engine.plan.MemoryPlan;
import io.tessellate.engine.plan.MemoryUse;
import io.tessellate.engine.plan.PhaseMemory;
import io.tessellate.engine.plan.RunLengths;
import io.tessellate.engine.recipe.Recipe;
import io.tessellate.engine.stream.StreamTask;
import io.tessellate.engine.train.checkpoint.CheckpointStore;
import io.tessellate.engine.train.fixture.ToyTasks;
import io.tessellate.engine.train.fixture.TrainingFixture;
import io.tessellate.engine.train.fixture.WatchedMemory;
import io.tessellate.id.TaskId;
import io.tessellate.method.MethodName;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What is said of a training's memory before it begins is held against what it then takes of the backend's. */
class MemoryPlanTest {
    /** A plan is hardly more than what is taken. */
    private static final double LEAST = 0.9;

    @TempDir
    private Path directory;

    private static Recipe recipe(String method, Map<String, ?> more) {
        Map<String, Object> fields = new HashMap<>(Map.of(
                "method",
                method,
                "epochs",
                1,
                "learningRate",
                5e-3,
                "density",
                0.125,
                "replayShare",
                0.25,
                "distillShare",
                0));
        fields.putAll(more);
        return Recipe.of(fields);
    }

    @ParameterizedTest
    @EnumSource
    void everyMethodTakesWhatItsPlanSays(MethodName method) {
        encoder(recipe(method.text(), Map.of()));
    }

    static Stream<Recipe> options() {
        return Stream.of(
                recipe("lotto", Map.of("recompute", true)),
                recipe("lota", Map.of("microBatch", 3, "stopShare", 0.2, "replayShare", 0)),
                recipe("lotto", Map.of("calibrationEpochs", 0, "density", 0.4)),
                recipe("lotto", Map.of("refreshes", 2)),
                recipe("lotto", Map.of("calibrationScope", "all", "calibrationOptimizer", "rmsprop")),
                recipe("lotto", Map.of("features", "token")),
                recipe("lota", Map.of("features", "token", "recompute", true, "replayShare", 0)),
                recipe("lotto", Map.of("precision", "mixed")),
                recipe("expander", Map.of("precision", "mixed", "elasticity", 10)),
                recipe("lotto", Map.of("ticketDensity", 0.5)),
                recipe("snip", Map.of("avoid", "conflict", "targets", "qkv", "replayShare", 0)),
                recipe("random", Map.of("avoid", "fisher", "targets", "mlp", "density", 0.01)),
                recipe("random", Map.of("density", 0.03, "replaySchedule", "rising", "replayTargets", "labels")),
                recipe("expander", Map.of("rampShare", 0.3, "elasticity", 10)),
                recipe("ewc", Map.of("elasticity", 10, "optimizer", "rmsprop")),
                recipe("full", Map.of("distillShare", 0.5, "replayShare", 0, "attentionDropout", 0.1)));
    }

    @ParameterizedTest
    @MethodSource("options")
    void everyOptionTakesWhatThePlanSays(Recipe recipe) {
        encoder(recipe);
    }

    /** Which examples meet in a batch of a mixture is not known, so the longest stand for them. */
    @Test
    void aMixtureTakesNoMoreThanItsPlanSays() {
        encoder(recipe("full", Map.of("replaySchedule", "mixed", "replayShare", 1, "replayMemory", 1)), 0.5);
    }

    /** Which own inputs meet when views are asked about them is not known, so the longest stand for them. */
    @Test
    void distillationBesideReplayTakesNoMoreThanItsPlanSays() {
        encoder(recipe("lotto", Map.of("distillShare", 0.5)), 0.8);
    }

    /** How long random inputs are is not known, so that of the longest own one stands for them. */
    @Test
    void pseudorehearsalTakesNoMoreThanItsPlanSays() {
        encoder(recipe("full", Map.of("distillShare", 0.25, "pseudoShare", 1, "replayShare", 0)), 0.5);
    }

    /** Three remembered examples, 64 drawn in a step: each goes through the model more than once. */
    @Test
    void aStepThatDrawsMoreThanIsRememberedTakesNoMoreThanItsPlanSays() {
        encoder(recipe("lotto", Map.of("replayShare", 4, "replayMemory", 0.025)), 0.8);
    }

    /** However often an own input is drawn, what an earlier view says about it is kept once. */
    @Test
    void moreEpochsKeepNoMoreAnswersThanThereAreInputs() {
        StreamTask second = ToyTasks.agreement("second", 2, 120);
        try (TrainingFixture model = afterOneTask()) {
            Trainer trainer = new Trainer(TrainingFixture.BACKEND);
            long some = answers(
                    trainer.plan(model.job(second, recipe("random", Map.of("distillShare", 0.5, "epochs", 1)))));
            long all = answers(
                    trainer.plan(model.job(second, recipe("random", Map.of("distillShare", 0.5, "epochs", 40)))));
            assertThat(all).isGreaterThan(some);
            assertThat(answers(trainer.plan(
                            model.job(second, recipe("random", Map.of("distillShare", 0.5, "epochs", 400))))))
                    .isEqualTo(all);
        }
    }

    /** Own inputs are in memory anyway, random ones are made when a view is asked about them. */
    @Test
    void randomInputsAreCountedWhileAViewIsAskedAboutThem() {
        StreamTask second = ToyTasks.agreement("second", 2, 120);
        try (TrainingFixture model = afterOneTask()) {
            Trainer trainer = new Trainer(TrainingFixture.BACKEND);
            long own = examplesAtFirst(
                    trainer.plan(model.job(second, recipe("random", Map.of("distillShare", 1, "replayShare", 0)))));
            long random = examplesAtFirst(
                    trainer.plan(model.job(second, recipe("random", Map.of("pseudoShare", 1, "replayShare", 0)))));
            long drawn = second.data().train().size();
            int longest = second.data().train().stream()
                    .mapToInt(EncodedExample::length)
                    .max()
                    .orElseThrow();
            assertThat(random - own).isEqualTo(drawn * RunLengths.bytes(new int[] {longest}));
        }
    }

    private static long examplesAtFirst(MemoryPlan plan) {
        return plan.phases().get(0).of(MemoryUse.EXAMPLES);
    }

    /** Its steps would fill any memory if they were listed, and nobody lives to see them all gone through. */
    @Test
    void aRunOfAMillionEpochsIsPlannedByItsLongestExamples() {
        StreamTask second = ToyTasks.agreement("second", 2, 120);
        try (TrainingFixture model = afterOneTask()) {
            Trainer trainer = new Trainer(TrainingFixture.BACKEND);
            Map<String, Object> calibrated = Map.of("distillShare", 0.5, "calibrationEpochs", 40, "epochs", 40);
            Map<String, Object> endless = Map.of("distillShare", 0.5, "calibrationEpochs", 1e6, "epochs", 1e6);
            MemoryPlan some = trainer.plan(model.job(second, recipe("lotto", calibrated)));
            MemoryPlan all = trainer.plan(model.job(second, recipe("lotto", endless)));
            assertThat(largest(all)).isBetween(largest(some), (long) (largest(some) * 1.1));
        }
    }

    private TrainingFixture afterOneTask() {
        StreamTask first = ToyTasks.lookup("first", 1, 120);
        TrainingFixture model = new TrainingFixture();
        Recipe plain = recipe("random", Map.of("replayShare", 0));
        model.commit(first, model.train(first, plain, directory.resolve("1")).adapter());
        return model;
    }

    /** Batch size times window is more than an int holds. */
    @Test
    void aWindowOfTheLargestBatchesIsTheWholeTrainSplit() {
        Weights weights = ToyDecoder.weights(TrainingFixture.BACKEND, ToyDecoder.CONFIG);
        try (TrainingFixture model = new TrainingFixture(ToyDecoder.CONFIG, weights)) {
            Recipe recipe = recipe("random", Map.of("packing", true, "batchSize", 65_536, "bucketWindow", 1_000_000));
            assertThat(largest(new Trainer(TrainingFixture.BACKEND).plan(model.job(texts("first", 1), recipe))))
                    .isPositive();
        }
    }

    private static long largest(MemoryPlan plan) {
        return plan.phases().stream().mapToLong(MemoryPlanTest::vectors).max().orElseThrow();
    }

    private static long answers(MemoryPlan plan) {
        return plan.phases().get(0).of(MemoryUse.EARLIER);
    }

    @Test
    void earlierTextsAreNotDistilledAndTakeNothing() {
        aDecoderTakesWhatThePlanSays(recipe("random", Map.of("distillShare", 0.5)));
    }

    /** Which remembered examples its trials draw is not known, so the longest stand for them. */
    @Test
    void aRaceTakesNoMoreThanItsPlanSays() {
        encoder(recipe("lotto", Map.of("learningRate", "auto")), 0.8);
        encoder(recipe("lotto", Map.of("learningRate", "auto", "epochs", "auto")), 0.5);
    }

    private void encoder(Recipe recipe) {
        encoder(recipe, LEAST);
    }

    private void encoder(Recipe recipe, double least) {
        WatchedMemory backend = new WatchedMemory(TrainingFixture.BACKEND);
        long before = backend.memory().allocatedBytes();
        StreamTask first = ToyTasks.lookup("first", 1, 120);
        try (TrainingFixture model = new TrainingFixture(ToyEncoder.CONFIG, ToyEncoder.weights(backend))) {
            Recipe plain = recipe(recipe.method(), Map.of("replayShare", 0));
            model.commit(
                    first, model.train(first, plain, directory.resolve("1")).adapter());
            compare(backend, before, model.job(ToyTasks.agreement("second", 2, 120), recipe), least);
        }
    }

    /** Its gradients are computed without whole products where the backend can. */
    @Test
    void aSparseClassOfALiftTakesWhatThePlanSays() {
        ModelConfig config = new ModelConfig(ModelConfig.BERT, 64, 96, 3, 2, 192, 16, 2, 1e-12f, 0);
        WatchedMemory backend = new WatchedMemory(TrainingFixture.BACKEND);
        long before = backend.memory().allocatedBytes();
        ParameterLayout layout = ParameterLayout.of(config);
        Weights weights = SmallModel.weights(backend, layout, SmallModel.values(layout, 3));
        try (TrainingFixture model = new TrainingFixture(config, weights)) {
            Recipe recipe = recipe("expander", Map.of("density", 1.0 / 32));
            compare(backend, before, model.job(ToyTasks.lookup("first", 1, 60), recipe));
        }
    }

    static Stream<Recipe> onShortWeights() {
        return Stream.of(
                recipe("lotto", Map.of("replayTargets", "labels")), recipe("expander", Map.of("precision", "mixed")));
    }

    @ParameterizedTest
    @MethodSource("onShortWeights")
    void aBaseIn16BitsTakesWhatThePlanSays(Recipe recipe) {
        WatchedMemory backend = new WatchedMemory(TrainingFixture.BACKEND);
        long before = backend.memory().allocatedBytes();
        ParameterLayout layout = ParameterLayout.of(ToyEncoder.CONFIG);
        Random random = new Random(5);
        Weights weights = Weights.readShort(backend, layout, tensor -> true, (tensor, first, count, target) -> {
            for (int i = 0; i < count; i++) {
                float value = (float) (0.1 * random.nextGaussian());
                target.put(Float.intBitsToFloat(Float.floatToRawIntBits(value) & 0xffff0000));
            }
        });
        assertThat(weights.bytes().halves()).isPositive();
        StreamTask first = ToyTasks.lookup("first", 1, 120);
        try (TrainingFixture model = new TrainingFixture(ToyEncoder.CONFIG, weights)) {
            Recipe plain = recipe(recipe.method(), Map.of("replayShare", 0));
            model.commit(
                    first, model.train(first, plain, directory.resolve("1")).adapter());
            compare(backend, before, model.job(ToyTasks.agreement("second", 2, 120), recipe));
        }
    }

    static Stream<Recipe> ofDecoders() {
        return Stream.of(
                recipe("lotto", Map.of("packing", true)),
                recipe("random", Map.of("recompute", true, "stopShare", 0.3)),
                recipe("full", Map.of("microBatch", 4)));
    }

    @ParameterizedTest
    @MethodSource("ofDecoders")
    void aDecoderTakesWhatThePlanSays(Recipe recipe) {
        for (ModelConfig config : List.of(ToyDecoder.CONFIG, ToyDecoder.GPT2)) {
            WatchedMemory backend = new WatchedMemory(TrainingFixture.BACKEND);
            long before = backend.memory().allocatedBytes();
            Weights weights = ToyDecoder.weights(backend, config);
            try (TrainingFixture model = new TrainingFixture(config, weights)) {
                StreamTask first = texts("first", 1);
                Recipe plain = recipe("random", Map.of("replayShare", 0));
                model.commit(
                        first, model.train(first, plain, directory.resolve("1")).adapter());
                compare(backend, before, model.job(texts("second", 2), recipe));
            }
        }
    }

    private static StreamTask texts(String name, int seed) {
        Random random = new Random(seed);
        List<EncodedExample> examples = new ArrayList<>();
        for (int i = 0; i < 80; i++) {
            int[] ids = random.ints(3 + random.nextInt(8), 3, 37).toArray();
            examples.add(new EncodedExample(List.of(new TokenSequence(ids, new int[ids.length])), 1, ""));
        }
        TaskData data = new TaskData(TaskId.of("toy", name), TextObjective.GENERATION, 0, examples);
        return new StreamTask(data, MetricName.INVERSE_PERPLEXITY, examples.subList(0, 10));
    }

    private void compare(WatchedMemory backend, long before, TrainingJob job) {
        compare(backend, before, job, LEAST);
    }

    private void compare(WatchedMemory backend, long before, TrainingJob job, double least) {
        Trainer trainer = new Trainer(backend);
        MemoryPlan plan = trainer.plan(job);
        WatchedMemory watched = new WatchedMemory(backend);
        new Trainer(watched).train(job, TrainingControl.unattended(new CheckpointStore(directory.resolve("2"))));
        long planned = largest(plan);
        assertThat(watched.peak() - before)
                .as("%s: %s", job.recipe(), plan)
                .isLessThanOrEqualTo(planned)
                .isGreaterThan((long) (least * planned));
    }

    private static long vectors(PhaseMemory phase) {
        return phase.in(MemoryUse.Place.DEVICE) - phase.of(MemoryUse.KERNELS) + phase.of(MemoryUse.OWNED);
    }
}
