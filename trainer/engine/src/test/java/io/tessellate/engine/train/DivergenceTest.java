package io.tessellate.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tessellate.engine.data.EncodedExample;
import io.tessellate.engine.model.batch.TokenSequence;
import io.tessellate.engine.model.fixture.ToyDecoder;
import io.tessellate.engine.model.fixture.ToyEncoder;
import io.tessellate.engine.objective.HeadObjective;
import io.tessellate.engine.objective.TaskData;
import io.tessellate.engine.objective.TextObjective;
import io.tessellate.engine.optimizer.OptimizerKind;
import io.tessellate.engine.recipe.Recipe;
import io.tessellate.engine.stream.StandaloneGrants;
import io.tessellate.engine.stream.StreamTask;
import io.tessellate.engine.train.checkpoint.CheckpointStore;
import io.tessellate.engine.train.fixture.ToyTasks;
import io.tessellate.engine.train.fixture.TrainingFixture;
import io.tessellate.engine.version.ParentVersion;
import io.tessellate.engine.version.Views;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.id.RunId;
import io.tessellate.id.TaskId;
import io.tessellate.mask.Mask;
import io.tessellate.mask.adapter.VersionDigest;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Numbers that are infinite or none are found in every objective and phase, and named with their step and tensor. */
class DivergenceTest {
    private final TrainingFixture model = new TrainingFixture();

    @TempDir
    private Path directory;

    @AfterEach
    void close() {
        model.close();
    }

    private void assertDiverges(StreamTask task, Recipe recipe, String message) {
        assertThatExceptionOfType(TessellateException.class)
                .isThrownBy(() -> model.train(task, recipe, directory))
                .withMessageMatching(message)
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.DIVERGED));
    }

    @Test
    void aLossThatOverflowsAtTheFirstStepIsNamed() {
        ToyEncoder.overflow(model.views().base());
        assertDiverges(
                ToyTasks.counting("counting", 1, 40),
                Recipe.of(Map.of("method", "full", "learningRate", 5e-4)),
                "step 1 of phase train has loss .* and a gradient of norm .*, first not finite in .+");
    }

    @ParameterizedTest
    @CsvSource({"3e200, values of mean .+ and variance Infinity cannot be learnt", "1e41, .*a head has the value .+"})
    void valuesTooFarApartForNumbersAreNamed(double far, String message) {
        StreamTask counting = ToyTasks.counting("counting", 1, 40);
        List<EncodedExample> huge = counting.data().train().stream()
                .map(example -> example.with(example.target() == 0 ? far : -far))
                .toList();
        TaskData data = new TaskData(counting.data().task(), HeadObjective.REGRESSION, 1, huge);
        assertDiverges(
                new StreamTask(data, counting.measure(), counting.eval()),
                Recipe.of(Map.of("method", "full", "learningRate", 5e-4)),
                message);
    }

    @Test
    void aParentWithAValueThatIsNoneIsNoticedWhileAMaskIsSought() {
        String tensor = model.views().base().layout().eligible().tensor(1).name();
        model.views().base().assign(tensor, new int[] {3}, new float[] {Float.NaN});
        assertDiverges(
                ToyTasks.lookup("one", 1, 40),
                Recipe.of(Map.of("method", "lotto", "learningRate", 1e-3)),
                "(step 1 of phase calibrate has loss NaN .*first not finite in tensor '.+'"
                        + "|after step 0 of phase calibrate a weight of tensor '" + tensor + "' is NaN)");
    }

    @ParameterizedTest
    @EnumSource
    void everyUpdateRuleThatOverflowsIsFoundAfterItsStep(OptimizerKind rule) {
        assertDiverges(
                ToyTasks.choices("choices", 1, 40),
                Recipe.of(Map.of(
                        "method", "full", "optimizer", rule.label(), "learningRate", 1e39, "schedule", "constant")),
                "after step 1 of phase train a weight of tensor '.+' is -?(Infinity|NaN)");
    }

    @Test
    void theTokensOfACompletionAreNoException() {
        Random random = new Random(3);
        List<EncodedExample> texts = IntStream.range(0, 40)
                .mapToObj(i -> random.ints(5, 3, 37).toArray())
                .map(ids -> new EncodedExample(List.of(new TokenSequence(ids, new int[ids.length])), 2, ""))
                .toList();
        Recipe wild = Recipe.of(Map.of("method", "full", "learningRate", 1e30, "clipNorm", 0.0));
        try (Views views = new Views(ToyDecoder.weights(TrainingFixture.BACKEND), List.of())) {
            Mask none = Mask.none(views.base().layout().eligible());
            var parent = new ParentVersion(
                    ToyDecoder.CONFIG, ToyEncoder.digest(), VersionDigest.base(ToyEncoder.digest()), views, none);
            TrainingJob job = new TrainingJob(
                    new RunId("run-1"),
                    wild,
                    new TaskData(TaskId.of("toy", "texts"), TextObjective.GENERATION, 0, texts),
                    parent,
                    new StandaloneGrants(ToyEncoder.digest())
                            .grant(wild, none, views.base().layout()),
                    List.of());
            assertThatExceptionOfType(TessellateException.class)
                    .isThrownBy(() -> model.train(job, TrainingControl.unattended(new CheckpointStore(directory))))
                    .withMessageMatching("step \\d+ of phase train has loss .* first not finite in tensor '.+'")
                    .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.DIVERGED));
        }
    }
}
