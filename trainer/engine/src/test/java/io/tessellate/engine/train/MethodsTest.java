package io.tessellate.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tessellate.dataset.manifest.ManifestValidation;
import io.tessellate.engine.metric.Score;
import io.tessellate.engine.model.fixture.ToyEncoder;
import io.tessellate.engine.model.weights.Weights;
import io.tessellate.engine.recipe.Recipe;
import io.tessellate.engine.stream.StreamTask;
import io.tessellate.engine.train.checkpoint.CheckpointStore;
import io.tessellate.engine.train.fixture.Interruptions;
import io.tessellate.engine.train.fixture.ToyTasks;
import io.tessellate.engine.train.fixture.TrainingFixture;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.event.TaskManifest;
import io.tessellate.id.RunId;
import io.tessellate.mask.Mask;
import io.tessellate.mask.adapter.Adapter;
import io.tessellate.mask.grant.Grant;
import io.tessellate.method.MethodName;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for every method, one row each. */
class MethodsTest {
    private static final int EXAMPLES = 320;

    private final TrainingFixture model = new TrainingFixture();
    private final StreamTask first = ToyTasks.lookup("first", 1, EXAMPLES);
    private final StreamTask second = ToyTasks.lookup("second", 2, EXAMPLES);

    @TempDir
    private Path directory;

    /**
     * One method.
     *
     * @param fields its recipe on a toy task
     * @param exactly number of eligible weights it must own, of 16,384
     * @param disjoint whether a second task's mask must share nothing with the first's
     */
    private record Row(String name, Map<String, Object> fields, long exactly, boolean disjoint) {
        Recipe recipe(Map<String, Object> changes) {
            Map<String, Object> all = new HashMap<>(fields);
            all.put("method", name);
            all.put("epochs", 12);
            all.putAll(changes);
            return Recipe.of(all);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Row> rows() {
        return Stream.of(
                new Row("full", Map.of("learningRate", 2e-3), 16_384, false),
                new Row("ewc", Map.of("learningRate", 2e-3), 16_384, false),
                new Row("lora", Map.of("learningRate", 1e-2, "rank", 4, "alpha", 8), 16_384, false),
                new Row("pissa", Map.of("learningRate", 5e-3, "rank", 4, "alpha", 8), 16_384, false),
                new Row("lota", Map.of("learningRate", 5e-3, "density", 0.1), 1_638, false),
                new Row("lotto", Map.of("learningRate", 5e-3, "density", 0.1), 1_638, true),
                new Row("expander", Map.of("learningRate", 5e-3, "density", 0.125), 2_048, true),
                new Row("switches", Map.of("learningRate", 5e-3, "density", 0.125), 2_048, true),
                new Row("matchings", Map.of("learningRate", 5e-3, "density", 0.125), 2_048, true),
                new Row("one_sided", Map.of("learningRate", 1e-2, "density", 0.125), 2_048, true),
                new Row("random", Map.of("learningRate", 1e-2, "density", 0.1), 1_638, true),
                new Row("magnitude", Map.of("learningRate", 1e-2, "density", 0.1), 1_638, true),
                new Row("gradient", Map.of("learningRate", 1e-2, "density", 0.3), 4_915, true),
                new Row("snip", Map.of("learningRate", 1e-2, "density", 0.3), 4_915, true),
                new Row("force", Map.of("learningRate", 1e-2, "density", 0.3), 4_915, true),
                new Row("taylor", Map.of("learningRate", 1e-2, "density", 0.3), 4_915, true),
                new Row("fisher", Map.of("learningRate", 1e-2, "density", 0.3), 4_915, true),
                new Row("grasp", Map.of("learningRate", 1e-2, "density", 0.1), 1_638, true),
                new Row("grasp_printed", Map.of("learningRate", 1e-2, "density", 0.1), 1_638, true),
                new Row("synflow", Map.of("learningRate", 1e-2, "density", 0.1), 1_638, true));
    }

    /** Recipes that find masks in several steps. */
    static Stream<Row> variants() {
        return Stream.of(
                new Row("lotto", Map.of("ticketDensity", 0.3, "avoid", "fisher"), 1_638, true),
                new Row("lotto", Map.of("calibrationScope", "all", "calibrationOptimizer", "rmsprop"), 1_638, true),
                new Row("lota", Map.of("calibrationScope", "all", "ticketDensity", 0.3), 1_638, false),
                new Row("lota", Map.of("maskFrom", "first", "targets", "attention"), 819, false),
                new Row("lotto", Map.of("refreshes", 2, "stopShare", 0.2), 1_638, true),
                new Row("snip", Map.of("refreshes", 3, "maskScope", "tensor", "avoid", "conflict"), 1_638, true),
                new Row("random", Map.of("refreshes", 1), 1_638, true),
                new Row("expander", Map.of("density", 0.125, "avoid", "fisher", "rampShare", 0.3), 2_048, true),
                new Row("switches", Map.of("density", 0.125, "avoid", "conflict"), 2_048, true),
                new Row("matchings", Map.of("density", 0.125, "avoid", "fisher"), 2_048, true),
                new Row(
                        "one_sided",
                        Map.of("density", 0.125, "avoid", "conflict", "maskScope", "tensor"),
                        2_048,
                        true));
    }

    static Stream<Row> disjointRows() {
        return rows().filter(Row::disjoint);
    }

    @AfterEach
    void close() {
        model.close();
    }

    @ParameterizedTest
    @MethodSource("rows")
    void theMaskHasExactlyTheSizeAskedForAndLeavesEarlierTasksAlone(Row row) {
        Recipe recipe = row.recipe(Map.of("epochs", 1));
        Adapter one = model.train(first, recipe, directory.resolve("1")).adapter();
        model.commit(first, one);
        Adapter two = model.train(second, recipe, directory.resolve("2")).adapter();

        Mask mask = two.mask(model.owned().space());
        assertThat(one.mask(model.owned().space()).cardinality()).isEqualTo(row.exactly());
        assertThat(mask.cardinality()).isEqualTo(row.exactly());
        assertThat(mask.intersects(model.owned())).isEqualTo(!row.disjoint());
    }

    @ParameterizedTest
    @MethodSource("rows")
    void whatIsNotInTheAdapterKeepsItsBits(Row row) {
        model.commit(
                first,
                model.train(first, row.recipe(Map.of("epochs", 2)), directory.resolve("1"))
                        .adapter());
        float[] before = all(model.views().union());
        Adapter adapter = model.train(second, row.recipe(Map.of("epochs", 6)), directory.resolve("2"))
                .adapter();
        assertThat(all(model.views().union())).isEqualTo(before);

        model.commit(second, adapter);
        float[] after = all(model.views().union());
        boolean[] mayMove = new boolean[before.length];
        adapter.updates().forEach(update -> {
            int offset =
                    (int) model.views().union().layout().tensor(update.name()).offset();
            update.index().forEach(index -> mayMove[offset + index] = true);
        });
        int moved = 0;
        for (int i = 0; i < before.length; i++) {
            boolean same = Float.floatToRawIntBits(before[i]) == Float.floatToRawIntBits(after[i]);
            moved += same ? 0 : 1;
            assertThat(same || mayMove[i]).as("weight %d", i).isTrue();
        }
        assertThat(moved).isGreaterThan((int) (row.exactly() * 0.9));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void aManifestMayNameIt(Row row) {
        TaskManifest manifest = TaskManifest.newBuilder()
                .setModel("glue")
                .setTask("sst2")
                .setLabels(List.of("a", "b"))
                .setRecipe(io.tessellate.event.Recipe.newBuilder()
                        .setMethod(row.name())
                        .build())
                .build();
        assertThat(ManifestValidation.problems(manifest)).isEmpty();
    }

    @Test
    void everyMethodHasARow() {
        assertThat(rows().map(Row::name)).containsExactlyInAnyOrderElementsOf(MethodName.texts());
    }

    @ParameterizedTest
    @MethodSource("rows")
    void theSameJobGivesTheSameAdapterAndAnotherSeedAnother(Row row) {
        Adapter once = model.train(first, row.recipe(Map.of("epochs", 1)), directory.resolve("1"))
                .adapter();
        Adapter again = model.train(first, row.recipe(Map.of("epochs", 1)), directory.resolve("2"))
                .adapter();
        Adapter other = model.train(first, row.recipe(Map.of("epochs", 1, "seed", 1)), directory.resolve("3"))
                .adapter();
        assertThat(again).isEqualTo(once);
        assertThat(other.head()).isNotEqualTo(once.head());
    }

    @ParameterizedTest
    @MethodSource({"rows", "variants"})
    void aRunStoppedAtRandomStepsEndsInTheSameAdapter(Row row) {
        model.commit(
                first,
                model.train(first, row.recipe(Map.of("epochs", 1, "maskFrom", "")), directory.resolve("1"))
                        .adapter());
        TrainingJob job = model.job(
                second,
                row.recipe(Map.of(
                        "epochs",
                        2,
                        "replayShare",
                        0.125,
                        "replayTargets",
                        "logits",
                        "replaySchedule",
                        "rising",
                        "distillShare",
                        0.3)));
        TrainingOutcome undisturbed =
                model.train(job, TrainingControl.unattended(new CheckpointStore(directory.resolve("2"))));

        TrainingOutcome resumed = trainWithInterruptions(job, new Random(6));
        assertThat(resumed).isEqualTo(undisturbed);
    }

    private TrainingOutcome trainWithInterruptions(TrainingJob job, Random random) {
        Interruptions interruptions = Interruptions.atRandom(14, random, directory.resolve("interrupted"));
        TrainingOutcome outcome = interruptions.train(job);
        assertThat(interruptions.count()).isGreaterThan(2);
        return outcome;
    }

    @ParameterizedTest
    @MethodSource("rows")
    void aToyTaskIsLearntFarAboveChance(Row row) {
        Adapter adapter = model.train(first, row.recipe(Map.of()), directory).adapter();
        model.commit(first, adapter);
        double accuracy =
                model.score(first, model.views().union(), model.views().head(0)).value();
        assertThat(accuracy).isGreaterThan(0.55);
    }

    @ParameterizedTest
    @MethodSource("rows")
    void theTaskViewStaysBitIdenticalOverVersionsAndViews(Row row) {
        Recipe recipe = row.recipe(Map.of("epochs", 2));
        model.commit(first, model.train(first, recipe, directory.resolve("1")).adapter());
        Score committed =
                model.score(first, model.views().task(0), model.views().head(0));
        model.commit(second, model.train(second, recipe, directory.resolve("2")).adapter());

        Score union = model.score(first, model.views().union(), model.views().head(0));
        Score later = model.score(first, model.views().task(0), model.views().head(0));
        assertThat(later.digest()).isEqualTo(committed.digest());
        assertThat(union.digest()).isNotEqualTo(committed.digest());
        assertThat(all(model.views().base())).isEqualTo(all(fresh()));
    }

    @ParameterizedTest
    @MethodSource("disjointRows")
    void noMethodTakesMoreThanThereIs(Row row) {
        Recipe recipe = row.recipe(Map.of("epochs", 0.1, "calibrationEpochs", 0, "density", 0.5));
        model.commit(first, model.train(first, recipe, directory.resolve("1")).adapter());
        model.commit(second, model.train(second, recipe, directory.resolve("2")).adapter());
        StreamTask third = ToyTasks.lookup("third", 3, EXAMPLES);
        assertThatExceptionOfType(TessellateException.class)
                .isThrownBy(() -> model.train(third, recipe, directory.resolve("3")))
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.CAPACITY));
    }

    @Test
    void lottoTakesWhatIsLeftWhenItMayShrink() {
        Recipe recipe = Recipe.of(Map.of(
                "method", "lotto", "density", 0.7, "epochs", 0.1, "calibrationEpochs", 0, "exhaustion", "shrink"));
        model.commit(first, model.train(first, recipe, directory.resolve("1")).adapter());
        model.commit(second, model.train(second, recipe, directory.resolve("2")).adapter());
        assertThat(model.owned().cardinality()).isEqualTo(16_384);
    }

    @Test
    void aClassThatIsGivenOutAgainIsTrainedOnlyWhereTasksShareTheirWeights() {
        Recipe recipe = Recipe.of(Map.of("method", "expander", "density", 0.125, "epochs", 1));
        Grant reserved = model.job(first, recipe).grant();
        model.commit(first, model.train(first, recipe, directory.resolve("1")).adapter());

        assertThatExceptionOfType(TessellateException.class)
                .isThrownBy(() -> again(recipe, reserved))
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.OVERLAP));
        TrainingOutcome outcome = again(recipe, reserved.overlapping());
        assertThat(outcome.overwritten()).isEqualTo(2_048);
        assertThat(outcome.adapter().mask(model.owned().space())).isEqualTo(model.owned());
    }

    private TrainingOutcome again(Recipe recipe, Grant grant) {
        TrainingJob job = new TrainingJob(
                new RunId("run-2"),
                recipe,
                second.data(),
                model.job(second, recipe).parent(),
                grant,
                List.of());
        return model.train(job, TrainingControl.unattended(new CheckpointStore(directory.resolve("2"))));
    }

    private static Weights fresh() {
        return ToyEncoder.weights(TrainingFixture.BACKEND);
    }

    private static float[] all(Weights weights) {
        return weights.vector().toArray(0, weights.vector().size());
    }
}
