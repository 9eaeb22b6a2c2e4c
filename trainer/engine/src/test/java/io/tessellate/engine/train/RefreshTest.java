package io.tessellate.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tessellate.engine.model.fixture.FlatPlaces;
import io.tessellate.engine.recipe.Phase;
import io.tessellate.engine.recipe.Recipe;
import io.tessellate.engine.stream.StreamTask;
import io.tessellate.engine.train.checkpoint.Checkpoint;
import io.tessellate.engine.train.checkpoint.CheckpointPolicy;
import io.tessellate.engine.train.checkpoint.CheckpointStore;
import io.tessellate.engine.train.fixture.ToyTasks;
import io.tessellate.engine.train.fixture.TrainingFixture;
import io.tessellate.engine.values.FloatBlocks;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.mask.Mask;
import io.tessellate.mask.grant.Grant;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Masks that are chosen anew in the middle of a training. */
class RefreshTest {
    private static final int K = 819;

    private final TrainingFixture model = new TrainingFixture();
    private final StreamTask first = ToyTasks.lookup("first", 1, 160);
    private final StreamTask second = ToyTasks.lookup("second", 2, 160);

    @TempDir
    private Path directory;

    @AfterEach
    void close() {
        model.close();
    }

    private static Recipe recipe(String method, Map<String, Object> fields) {
        Map<String, Object> all = new HashMap<>(
                Map.of("epochs", 1.2, "calibrationEpochs", 0.2, "density", 0.05, "refreshes", 2, "learningRate", 1e-2));
        all.put("method", method);
        if (method.startsWith("lot")) {
            all.put("calibrationLearningRate", 1e-2);
        }
        all.putAll(fields);
        return Recipe.of(all);
    }

    /** What a training kept after every step, and its outcome. */
    private record Film(List<Checkpoint> checkpoints, TrainingOutcome outcome) {
        List<Checkpoint> trained(int part) {
            return checkpoints.stream()
                    .filter(checkpoint -> checkpoint.phase() == Phase.TRAIN && checkpoint.part() == part)
                    .toList();
        }

        /** The mask of a segment, the last choice before it. */
        Mask mask(int part) {
            List<Mask> choices = trained(part).get(0).past().choices();
            return choices.get(choices.size() - 1);
        }
    }

    private Film film(StreamTask task, Recipe recipe) {
        TrainingJob job = model.job(task, recipe);
        CheckpointStore store = new CheckpointStore(directory.resolve("film"));
        List<Checkpoint> checkpoints = new ArrayList<>();
        TrainingControl control = new TrainingControl(
                progress -> store.load(
                                job.digest(TrainingFixture.BACKEND),
                                model.owned().space())
                        .ifPresent(checkpoints::add),
                () -> false,
                store,
                CheckpointPolicy.everySteps(1),
                Clock.systemUTC());
        TrainingOutcome outcome = model.train(job, control);
        checkpoints.add(
                store.load(job.digest(TrainingFixture.BACKEND), model.owned().space())
                        .orElseThrow());
        store.delete();
        return new Film(checkpoints, outcome);
    }

    @ParameterizedTest
    @CsvSource({"lotto, global", "lota, tensor", "gradient, tensor", "fisher, global", "grasp, global", "force, global"
    })
    void eachMaskIsExactAndTheTaskOwnsThemAll(String method, String scope) {
        Film film = film(first, recipe(method, Map.of("maskScope", scope)));
        Mask union = Mask.none(model.owned().space());
        for (int part = 0; part <= 2; part++) {
            assertThat(film.mask(part).cardinality()).isEqualTo(K);
            union = union.union(film.mask(part));
        }
        assertThat(film.outcome.adapter().mask(union.space())).isEqualTo(union);
        assertThat(union.cardinality()).isBetween(K + 1L, 3L * K);
        assertThat(film.outcome.steps()).isGreaterThanOrEqualTo(12);
    }

    @Test
    void aMaskThatLooksAtTheValuesIsDrawnToWhatGrew() {
        Film film = film(first, recipe("magnitude", Map.of("learningRate", 0.1)));
        assertThat(film.mask(1)).isNotEqualTo(film.mask(0));
    }

    @Test
    void whatAMaskLeavesStaysAsItWasTrained() {
        Film film = film(first, recipe("gradient", Map.of()));
        Checkpoint last = film.trained(2).get(film.trained(2).size() - 1);
        Mask before = film.mask(0).union(film.mask(1));
        float[] kept = last.past().left().toArray();
        assertThat(kept).hasSize((int) before.cardinality());

        model.commit(first, film.outcome.adapter());
        float[] base = FlatPlaces.read(model.views().base(), before);
        float[] values = FlatPlaces.read(model.views().union(), before);
        boolean[] leftOut = leftOut(before, film.mask(2));
        int moved = 0;
        for (int n = 0; n < values.length; n++) {
            if (leftOut[n]) {
                assertThat(values[n]).isEqualTo(kept[n]);
                moved += values[n] != base[n] ? 1 : 0;
            }
        }
        assertThat(moved).isGreaterThan(K / 2);
    }

    private static boolean[] leftOut(Mask before, Mask now) {
        boolean[] left = new boolean[(int) before.cardinality()];
        int[] next = {0};
        for (int t = 0; t < before.space().tensorCount(); t++) {
            int tensor = t;
            before.forEach(t, index -> left[next[0]++] = !now.contains(tensor, index));
        }
        return left;
    }

    @Test
    void theOptimiserBeginsAnewAndTheHeadGoesOn() {
        Film film = film(first, recipe("gradient", Map.of("optimizer", "rmsprop")));
        Checkpoint end = film.trained(0).get(film.trained(0).size() - 1);
        Checkpoint begin = film.trained(1).get(0);
        assertThat(end.step()).isEqualTo(4);
        assertThat(begin.step()).isEqualTo(5);
        // After one step of RMSProp the state is a hundredth of the squared gradient; after four it is more.
        assertThat(sum(begin.state())).isLessThan(0.6 * sum(end.state()));
        float[] head = head(end);
        float[] next = head(begin);
        for (int n = 0; n < head.length; n++) {
            assertThat(Math.abs(next[n] - head[n])).isLessThan(0.1f);
        }
        assertThat(next).isNotEqualTo(head);
    }

    private static double sum(List<float[]> state) {
        double sum = 0;
        for (float value : FloatBlocks.of(state).toArray()) {
            sum += value;
        }
        return sum;
    }

    private static float[] head(Checkpoint checkpoint) {
        return checkpoint.values().block(checkpoint.values().count() - 1);
    }

    @Test
    void allThatItMayTouchMustBeFree() {
        model.commit(
                first,
                model.train(first, recipe("random", Map.of("density", 0.9, "refreshes", 0)), directory.resolve("1"))
                        .adapter());
        assertThatExceptionOfType(TessellateException.class)
                .isThrownBy(() -> film(second, recipe("gradient", Map.of())))
                .withMessage("density 0.05 asks for 2457 weights but only 1639 may be chosen")
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.CAPACITY));

        Film shrunk = film(second, recipe("gradient", Map.of("exhaustion", "shrink")));
        assertThat(shrunk.mask(0).cardinality()).isEqualTo(K);
        assertThat(shrunk.mask(2).cardinality()).isEqualTo(K);
        assertThat(shrunk.outcome.adapter().mask(model.owned().space()).intersects(model.owned()))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"global", "tensor"})
    void noMoreIsTouchedThanIsGranted(String scope) {
        Recipe recipe = recipe("gradient", Map.of("exhaustion", "shrink", "maskScope", scope));
        TrainingJob job = model.job(first, recipe);
        TrainingJob less =
                new TrainingJob(job.run(), recipe, job.data(), job.parent(), Grant.of(K + 100), job.earlier());
        TrainingOutcome outcome =
                model.train(less, TrainingControl.unattended(new CheckpointStore(directory.resolve("less"))));
        assertThat(outcome.adapter().mask(model.owned().space()).cardinality()).isEqualTo(K + 100);
    }
}
