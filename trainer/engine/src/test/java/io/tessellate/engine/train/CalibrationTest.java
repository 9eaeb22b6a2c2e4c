package io.tessellate.engine.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.tessellate.engine.model.fixture.FlatPlaces;
import io.tessellate.engine.model.fixture.ToyEncoder;
import io.tessellate.engine.model.weights.ParameterLayout;
import io.tessellate.engine.race.RatePrior;
import io.tessellate.engine.recipe.Recipe;
import io.tessellate.engine.stream.StreamTask;
import io.tessellate.engine.train.entries.EntryScores;
import io.tessellate.engine.train.fixture.ToyTasks;
import io.tessellate.engine.train.fixture.TrainingFixture;
import io.tessellate.engine.values.FloatBlocks;
import io.tessellate.mask.Mask;
import io.tessellate.mask.TopK;
import io.tessellate.mask.adapter.Adapter;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How a lottery ticket's mask is calibrated: by its own rate and rule, on what its scope says. */
class CalibrationTest {
    private static final int HIDDEN = ToyEncoder.CONFIG.hidden();

    private TrainingFixture model = new TrainingFixture();
    private final StreamTask first = ToyTasks.lookup("first", 1, 64);
    private final ParameterLayout layout = model.views().base().layout();
    private int runs;

    @TempDir
    private Path directory;

    @AfterEach
    void close() {
        model.close();
    }

    /** All examples in one step, so that the order in which phases shuffle them matters for rounding alone. */
    private static Recipe recipe(String method, Map<String, Object> fields) {
        Map<String, Object> all = new HashMap<>(Map.of(
                "epochs", 4, "batchSize", 64, "density", 0.1, "learningRate", 1e-3, "replayShare", 0, "seed", 5));
        all.put("method", method);
        all.putAll(fields);
        return Recipe.of(all);
    }

    private static Recipe lota(Map<String, Object> fields) {
        Map<String, Object> all = new HashMap<>(Map.of("calibrationEpochs", 4, "epochs", 1));
        all.putAll(fields);
        return recipe("lota", all);
    }

    private TrainingOutcome train(StreamTask task, Recipe recipe) {
        return model.train(task, recipe, directory.resolve("run-" + runs++));
    }

    private Mask mask(Recipe recipe) {
        return mask(train(first, recipe).adapter());
    }

    private Mask mask(Adapter adapter) {
        return adapter.mask(layout.eligible());
    }

    @Test
    void aCalibrationIsFullFineTuningAtItsRateWhateverTheMasksIs() {
        double prior = RatePrior.ofFull(lota(Map.of()), HIDDEN, 4);
        assertThat(prior).isEqualTo(RatePrior.of(recipe("full", Map.of()), HIDDEN, 1, 4));
        TrainingOutcome outcome = train(first, lota(Map.of("learningRate", 2e-2)));
        assertThat(outcome.recipe().calibration().learningRate()).isEqualTo(prior);
        assertThat(outcome.recipe().learningRate()).isEqualTo(2e-2);
        Mask mask = mask(outcome.adapter());
        assertThat(mask(lota(Map.of("learningRate", 1e-4)))).isEqualTo(mask);
        assertThat(mask(lota(Map.of("calibrationLearningRate", prior)))).isEqualTo(mask);
        assertThat(mask(lota(Map.of("calibrationLearningRate", 2e-2)))).isNotEqualTo(mask);
        assertThat(mask(lota(Map.of("calibrationOptimizer", "rmsprop")))).isNotEqualTo(mask);
    }

    /** The paper's definition, step by step: the k eligible weights that full fine-tuning changed most. */
    @Test
    void onAllWeightsTheMaskIsWhatFullFineTuningChangesMost() {
        Map<String, Object> rate = Map.of("calibrationLearningRate", 1e-3, "calibrationScope", "all");
        Mask expected = mostChanged(train(first, recipe("full", Map.of())).adapter());
        Mask onAll = mask(lota(rate));
        assertThat(onAll.cardinality()).isEqualTo(1638);
        assertThat(onAll.intersectionSize(expected)).isGreaterThan(1600);
        assertThat(mask(lota(Map.of("calibrationLearningRate", 1e-3))).intersectionSize(expected))
                .isLessThan(1600);
    }

    private Mask mostChanged(Adapter adapter) {
        Mask all = Mask.all(layout.eligible());
        float[] change = FlatPlaces.read(model.views().base(), all);
        model.commit(first, adapter);
        float[] after = FlatPlaces.read(model.views().union(), all);
        for (int n = 0; n < change.length; n++) {
            change[n] = Math.abs(after[n] - change[n]);
        }
        Mask most = TopK.global(all, 1638, new EntryScores(all, FloatBlocks.of(List.of(change))));
        model.close();
        model = new TrainingFixture();
        return most;
    }
}
