package io.tessellate.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.backend.Backends;
import io.tessellate.engine.metric.Score;
import io.tessellate.engine.model.batch.Batch;
import io.tessellate.engine.model.batch.Dropout;
import io.tessellate.engine.model.batch.TokenSequence;
import io.tessellate.engine.model.files.BaseModel;
import io.tessellate.engine.model.files.ModelDirectory;
import io.tessellate.engine.model.fixture.ToyDecoder;
import io.tessellate.engine.model.fixture.ToyEncoder;
import io.tessellate.engine.model.text.Completions;
import io.tessellate.engine.model.text.LanguageModel;
import io.tessellate.engine.model.weights.Gradients;
import io.tessellate.engine.model.weights.ParameterTensor;
import io.tessellate.engine.model.weights.TrainableTensors;
import io.tessellate.engine.model.weights.Weights;
import io.tessellate.engine.objective.TaskScorer;
import io.tessellate.engine.precision.Precision;
import io.tessellate.engine.recipe.Recipe;
import io.tessellate.engine.stream.StandaloneGrants;
import io.tessellate.engine.stream.StreamTask;
import io.tessellate.engine.tokenizer.WordTokenizer;
import io.tessellate.engine.train.checkpoint.CheckpointStore;
import io.tessellate.engine.train.entries.FrozenWeights;
import io.tessellate.engine.train.entries.TrainedEntries;
import io.tessellate.engine.train.fixture.ToyTasks;
import io.tessellate.engine.train.fixture.TrainingFixture;
import io.tessellate.engine.version.ParentVersion;
import io.tessellate.engine.version.Views;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.id.RunId;
import io.tessellate.mask.Mask;
import io.tessellate.mask.adapter.Adapter;
import io.tessellate.mask.adapter.VersionDigest;
import io.tessellate.safetensors.DType;
import io.tessellate.safetensors.TensorSource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Weights whose values are bf16 numbers do the same, bit for bit, whether they are kept in 16 bits or in 32. */
class ShortWeightsTest {
    private static final StreamTask FIRST = ToyTasks.lookup("first", 1, 160);
    private static final StreamTask SECOND = ToyTasks.lookup("second", 2, 160);

    @TempDir
    private Path directory;

    /** The toy encoder's values, rounded, in a file of that type. */
    private BaseModel base(DType dtype) {
        List<TensorSource> tensors = new ArrayList<>();
        try (Weights weights = ToyEncoder.weights(TrainingFixture.BACKEND)) {
            for (ParameterTensor tensor : weights.layout().tensors()) {
                float[] values = rounded(weights.get(tensor.name()));
                tensors.add(TensorSource.floats(tensor.name(), dtype, tensor.shape(), () -> values));
            }
        }
        Path folder = directory.resolve(dtype.name());
        ModelDirectory.write(folder, ToyEncoder.CONFIG, new WordTokenizer(List.of("word")).toJson(), tensors);
        return BaseModel.load(folder);
    }

    private static float[] rounded(float[] values) {
        for (int i = 0; i < values.length; i++) {
            values[i] = Float.intBitsToFloat(Float.floatToRawIntBits(values[i]) & 0xffff0000);
        }
        return values;
    }

    private static Weights decoder(Backend backend, boolean shorts) {
        try (Weights toy = ToyDecoder.weights(backend)) {
            var layout = toy.layout();
            var values = new java.util.HashMap<String, float[]>();
            layout.tensors().forEach(tensor -> values.put(tensor.name(), rounded(toy.get(tensor.name()))));
            io.tessellate.engine.model.weights.TensorReader reader =
                    (tensor, first, count, target) -> target.put(values.get(tensor.name()), first, count);
            return shorts
                    ? Weights.readShort(backend, layout, tensor -> true, reader)
                    : Weights.read(backend, layout, reader);
        }
    }

    @ParameterizedTest
    @MethodSource("io.tessellate.engine.backend.TestedBackends#names")
    void lossesAndEveryGradientAreTheSameBits(String name) {
        assertSameBits(Backends.open(name));
    }

    @ParameterizedTest
    @MethodSource("io.tessellate.engine.backend.TestedBackends#names")
    void inMixedPrecisionTooWhereNothingIsWidened(String name) {
        assertSameBits(Precision.MIXED.of(Backends.open(name)));
    }

    private static void assertSameBits(Backend backend) {
        Batch batch = Batch.of(
                List.of(
                        new TokenSequence(new int[] {3, 9, 14, 2, 7}, new int[5]),
                        new TokenSequence(new int[3], new int[3])),
                ToyDecoder.CONFIG);
        try (Weights floats = decoder(backend, false);
                Weights shorts = decoder(backend, true);
                LanguageModel model = new LanguageModel(backend, ToyDecoder.CONFIG)) {
            assertThat(shorts.digest()).isEqualTo(floats.digest());
            Completions completions = new Completions(batch, 1, 0);
            assertThat(model.losses(shorts, completions)).isEqualTo(model.losses(floats, completions));
            assertThat(gradient(backend, model, shorts, completions))
                    .isEqualTo(gradient(backend, model, floats, completions));
        }
    }

    private static float[] gradient(Backend backend, LanguageModel model, Weights weights, Completions completions) {
        try (Gradients gradients = new Gradients(backend, TrainableTensors.all(weights.layout()))) {
            model.backward(weights, completions, 1, Dropout.none(), gradients);
            return gradients.vector().toArray(0, weights.layout().size());
        }
    }

    @ParameterizedTest
    @CsvSource({"lotto,fp32", "expander,fp32", "full,fp32", "random,fp32", "lotto,mixed", "full,mixed", "lora,mixed"})
    void trainingTwoTasksGivesTheSameAdaptersAndViews(String method, String precision) {
        Recipe recipe = Recipe.of(Map.of(
                "method",
                method,
                "density",
                0.25,
                "epochs",
                1,
                "calibrationEpochs",
                0,
                "learningRate",
                3e-3,
                "precision",
                precision));
        List<Object> floats = outcomes(base(DType.F32), recipe);
        List<Object> shorts = outcomes(base(DType.BF16), recipe);
        assertThat(shorts).isEqualTo(floats);
    }

    /** Adapters of two tasks, then the digests of the views in turn. */
    private List<Object> outcomes(BaseModel base, Recipe recipe) {
        List<Object> all = new ArrayList<>();
        try (Views views = new Views(base.weights(TrainingFixture.BACKEND), List.of())) {
            Mask owned = Mask.none(base.layout().eligible());
            for (StreamTask task : List.of(FIRST, SECOND)) {
                Adapter adapter = train(task, recipe, views, owned);
                if (!Set.of("full", "lora").contains(recipe.method())) {
                    owned = owned.union(adapter.mask(owned.space()));
                }
                views.commit(adapter);
                all.add(adapter);
            }
            all.add(views.union().digest());
            all.add(views.task(0).digest());
            all.add(views.base().digest());
            all.add(views.union().digest());
            Score score;
            try (var scorer = TaskScorer.ofHeads(TrainingFixture.BACKEND, base.config())) {
                score = scorer.score(
                        views.task(0), views.head(0), FIRST.data().objective(), FIRST.measure(), FIRST.eval());
            }
            all.add(score.digest());
        }
        return all;
    }

    private Adapter train(StreamTask task, Recipe recipe, Views views, Mask owned) {
        ParentVersion parent = new ParentVersion(
                ToyEncoder.CONFIG, ToyEncoder.digest(), VersionDigest.base(ToyEncoder.digest()), views, owned);
        TrainingJob job = new TrainingJob(
                new RunId("run-1"),
                recipe,
                task.data(),
                parent,
                new StandaloneGrants(ToyEncoder.digest())
                        .grant(recipe, owned, views.base().layout()),
                List.of());
        CheckpointStore checkpoints = new CheckpointStore(directory.resolve("checkpoint"));
        TrainingOutcome outcome =
                new Trainer(TrainingFixture.BACKEND).train(job, TrainingControl.unattended(checkpoints));
        checkpoints.delete();
        return outcome.adapter();
    }

    @Test
    void aFrozenWeightThatMovedIsFoundWhateverKeepsIt() {
        try (Weights parent = base(DType.BF16).weights(TrainingFixture.BACKEND);
                Weights moved = parent.copy()) {
            String tensor = parent.layout().eligible().tensor(0).name();
            Mask one = Mask.builder(parent.layout().eligible())
                    .addAll(tensor, new int[] {5})
                    .build();
            TrainedEntries entries =
                    TrainedEntries.of(io.tessellate.engine.method.MaskPlan.Entries.of(one), parent.layout());
            moved.assign(tensor, new int[] {5}, new float[] {0.1f});
            FrozenWeights.requireUnchanged(parent, moved, entries);
            moved.assign(tensor, new int[] {6}, new float[] {0.1f});
            assertThatThrownBy(() -> FrozenWeights.requireUnchanged(parent, moved, entries))
                    .isInstanceOfSatisfying(
                            TessellateException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.FROZEN_WEIGHT_CHANGED));
        }
    }

    @Test
    void aBaseInBf16TakesHalfTheBackendsMemoryAndItsCopyNoneOfIt() {
        long before = TrainingFixture.BACKEND.memory().allocatedBytes();
        BaseModel base = base(DType.BF16);
        try (Weights weights = base.weights(TrainingFixture.BACKEND);
                Weights copy = weights.copy()) {
            int vectors = base.layout().tensors().stream()
                    .filter(tensor -> tensor.shape().rank() == 1)
                    .mapToInt(ParameterTensor::size)
                    .sum();
            assertThat(TrainingFixture.BACKEND.memory().allocatedBytes() - before)
                    .isEqualTo(2L * Float.BYTES * vectors);
            assertThat(copy.digest()).isEqualTo(weights.digest());
        }
    }
}
