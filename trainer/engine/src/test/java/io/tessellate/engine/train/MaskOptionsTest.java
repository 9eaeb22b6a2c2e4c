package io.tessellate.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tessellate.engine.method.TargetGroup;
import io.tessellate.engine.metric.Score;
import io.tessellate.engine.model.fixture.FlatPlaces;
import io.tessellate.engine.model.weights.ParameterLayout;
import io.tessellate.engine.recipe.Phase;
import io.tessellate.engine.recipe.Recipe;
import io.tessellate.engine.recipe.RequestedWeights;
import io.tessellate.engine.stream.StreamTask;
import io.tessellate.engine.train.checkpoint.CheckpointStore;
import io.tessellate.engine.train.curriculum.Curriculum;
import io.tessellate.engine.train.entries.EntryScores;
import io.tessellate.engine.train.fixture.ToyTasks;
import io.tessellate.engine.train.fixture.TrainingFixture;
import io.tessellate.engine.train.gradient.Probe;
import io.tessellate.engine.values.FloatBlocks;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.mask.Apportionment;
import io.tessellate.mask.Mask;
import io.tessellate.mask.adapter.Adapter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** From which weights a mask is chosen, whatever the method. */
class MaskOptionsTest {
    private final TrainingFixture model = new TrainingFixture();
    private final StreamTask first = ToyTasks.lookup("first", 1, 64);
    private final StreamTask second = ToyTasks.lookup("second", 2, 64);
    private final ParameterLayout layout = model.views().base().layout();
    private int runs;

    @TempDir
    private Path directory;

    @AfterEach
    void close() {
        model.close();
    }

    /** A run of a single step whose mask takes a single batch to find. */
    private static Recipe quick(String method, Map<String, Object> fields) {
        Map<String, Object> all = new HashMap<>(Map.of("epochs", 0.1, "calibrationEpochs", 0, "density", 0.1));
        all.put("method", method);
        all.putAll(fields);
        return Recipe.of(all);
    }

    private TrainingOutcome train(StreamTask task, Recipe recipe) {
        return model.train(task, recipe, directory.resolve("run-" + runs++));
    }

    private Mask mask(StreamTask task, Recipe recipe) {
        return mask(train(task, recipe).adapter());
    }

    private Mask mask(Adapter adapter) {
        return adapter.mask(layout.eligible());
    }

    private Mask commit(StreamTask task, Recipe recipe) {
        Adapter adapter = train(task, recipe).adapter();
        model.commit(task, adapter);
        return mask(adapter);
    }

    private static int[] counts(Mask mask) {
        int[] counts = new int[mask.space().tensorCount()];
        for (int t = 0; t < counts.length; t++) {
            counts[t] = mask.cardinality(t);
        }
        return counts;
    }

    @ParameterizedTest
    @ValueSource(strings = {"lota", "lotto", "random", "magnitude", "gradient", "fisher", "synflow"})
    void byTensorEachGivesTheSameShareAndAllTogetherExactlyAsMany(String method) {
        Recipe recipe = quick(method, Map.of("maskScope", "tensor", "density", 0.0731));
        Mask all = Mask.all(layout.eligible());
        Mask mask = commit(first, recipe);
        assertThat(mask.cardinality()).isEqualTo(1197);
        assertThat(counts(mask)).containsExactly(Apportionment.of(1197, all, all));
        Mask next = mask(second, recipe);
        assertThat(counts(next)).containsExactly(counts(mask));
        assertThat(next.intersects(mask)).isEqualTo(method.equals("lota"));
    }

    @Test
    void byTensorTheLastTaskTakesWhatIsLeftWhereverItIs() {
        commit(first, quick("gradient", Map.of("density", 0.5)));
        Mask rest = commit(second, quick("gradient", Map.of("density", 0.5, "maskScope", "tensor")));
        assertThat(rest.cardinality()).isEqualTo(8_192);
        assertThat(model.owned().cardinality()).isEqualTo(16_384);
    }

    @ParameterizedTest
    @EnumSource
    void targetsBoundWhatIsChosenAndWhatTheDensityIsAShareOf(TargetGroup targets) {
        Mask targeted = layout.weights(targets::contains);
        for (String method : new String[] {"lotto", "random", "gradient"}) {
            Mask mask = mask(first, quick(method, Map.of("targets", label(targets))));
            assertThat(mask.isSubsetOf(targeted)).isTrue();
            assertThat(mask.cardinality()).isEqualTo((long) (0.1 * targeted.cardinality()));
        }
    }

    private static String label(TargetGroup targets) {
        return targets.name().toLowerCase(Locale.ROOT);
    }

    @Test
    void aClassOfALiftKeepsWhatOfItIsTargeted() {
        Recipe all = quick("expander", Map.of("density", 0.125));
        Recipe mlp = quick("expander", Map.of("density", 0.125, "targets", "mlp"));
        Adapter adapter = train(first, mlp).adapter();
        Mask whole = mask(first, all);
        assertThat(mask(adapter)).isEqualTo(whole.intersection(layout.weights(TargetGroup.MLP::contains)));
        model.commit(first, adapter);
        assertThat(mask(second, mlp).intersects(model.owned())).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"all, 0, 0.1", "qv, 0, 0.013", "mlp, 2, 0.3", "attention, 0, 0.0371"})
    void whatIsReservedIsWhatIsNeededToTheWeight(String targets, int refreshes, double density) {
        Recipe recipe = quick("gradient", Map.of("targets", targets, "refreshes", refreshes, "density", density));
        double share = RequestedWeights.share(recipe, () -> layout);
        long reserved = (long) Math.floor(share * layout.eligible().size());
        assertThat(reserved).isEqualTo(RequestedWeights.weights(recipe, layout));
        assertThat(mask(first, recipe).cardinality()).isLessThanOrEqualTo(reserved);
    }

    @Test
    void aLiftIsReservedByItsDensity() {
        Recipe recipe = quick("expander", Map.of("density", 0.125, "targets", "qkv"));
        assertThat(RequestedWeights.share(recipe, () -> layout)).isEqualTo(0.125);
    }

    @ParameterizedTest
    @CsvSource({
        "fisher, random",
        "conflict, random",
        "fisher, lotto",
        "conflict, gradient",
        "fisher, synflow",
        "fisher, lota"
    })
    void whatMattersMostToEarlierTasksIsLeftOut(String avoid, String method) {
        commit(first, quick("lotto", Map.of("epochs", 2)));
        Recipe recipe = quick(method, Map.of("avoid", avoid, "avoidShare", 0.6));
        Mask candidates = method.equals("lota")
                ? Mask.all(layout.eligible())
                : model.owned().complement();
        float[] harm = harm(candidates, recipe);
        float[] sorted = harm.clone();
        Arrays.sort(sorted);
        float limit = sorted[sorted.length - (int) (0.6 * sorted.length) - 1];

        Mask mask = mask(second, recipe);
        assertThat(mask.cardinality()).isEqualTo(1638);
        assertThat(mask.isSubsetOf(candidates)).isTrue();
        EntryScores scores = new EntryScores(candidates, FloatBlocks.of(harm));
        for (int t = 0; t < mask.space().tensorCount(); t++) {
            int tensor = t;
            mask.forEach(t, index -> assertThat(scores.at(tensor, index)).isLessThanOrEqualTo(limit));
        }
    }

    private float[] harm(Mask candidates, Recipe recipe) {
        return Probe.of(model.job(second, recipe), candidates, (gradients, entries, head) -> {
            return switch (recipe.avoid()) {
                case NONE -> new float[0];
                case FISHER -> gradients.earlierFisher().relative(entries).toArray();
                case CONFLICT ->
                    gradients.conflict(entries, model.views().union(), head).toArray();
            };
        });
    }

    @Test
    void withoutAnEarlierTaskNothingIsLeftOut() {
        assertThat(mask(first, quick("random", Map.of("avoid", "fisher"))))
                .isEqualTo(mask(first, quick("random", Map.of())));
    }

    @Test
    void whatIsNeededIsNeverLeftOut() {
        commit(first, quick("random", Map.of("density", 0.5)));
        commit(second, quick("random", Map.of("density", 0.5, "avoid", "fisher", "avoidShare", 0.9)));
        assertThat(model.owned().cardinality()).isEqualTo(16_384);
    }

    @Test
    void byTensorTheSameShareOfEachIsLeftOut() {
        commit(first, quick("random", Map.of("maskScope", "tensor")));
        Recipe recipe = quick("gradient", Map.of("maskScope", "tensor", "avoid", "fisher", "avoidShare", 0.8));
        assertThat(counts(mask(second, recipe))).containsExactly(counts(model.owned()));
    }

    @Test
    void whatIsLackingIsTakenFromTheLeastChanged() {
        commit(first, quick("random", Map.of("density", 0.7, "epochs", 1)));
        Score before = model.score(first, model.views().task(0), model.views().head(0));
        Mask owned = model.owned();
        float[] changes = changes(owned);
        float[] sorted = changes.clone();
        Arrays.sort(sorted);

        TrainingOutcome outcome = train(second, quick("random", Map.of("density", 0.5, "exhaustion", "overlap")));
        Mask taken = mask(outcome.adapter()).intersection(owned);
        long lacking = 8_192 - (16_384 - 11_468);
        assertThat(outcome.overwritten()).isEqualTo(lacking).isEqualTo(taken.cardinality());
        assertThat(mask(outcome.adapter()).cardinality()).isEqualTo(8_192);
        EntryScores scores = new EntryScores(owned, FloatBlocks.of(changes));
        for (int t = 0; t < taken.space().tensorCount(); t++) {
            int tensor = t;
            taken.forEach(
                    t, index -> assertThat(scores.at(tensor, index)).isLessThanOrEqualTo(sorted[(int) lacking - 1]));
        }
        model.commit(second, outcome.adapter());
        Score after = model.score(first, model.views().task(0), model.views().head(0));
        assertThat(after.digest()).isEqualTo(before.digest());
    }

    private float[] changes(Mask owned) {
        float[] base = FlatPlaces.read(model.views().base(), owned);
        float[] now = FlatPlaces.read(model.views().union(), owned);
        for (int n = 0; n < now.length; n++) {
            now[n] = Math.abs(now[n] - base[n]);
        }
        return now;
    }

    @Test
    void nothingIsOverwrittenWhileEnoughIsFree() {
        commit(first, quick("random", Map.of("density", 0.3)));
        TrainingOutcome outcome = train(second, quick("lotto", Map.of("density", 0.7, "exhaustion", "overlap")));
        assertThat(outcome.overwritten()).isZero();
    }

    @Test
    void aMaskCalibratedOnAnEarlierTaskIsTheOneThatTaskWouldGet() {
        commit(first, quick("lotto", Map.of("epochs", 1)));
        for (String method : new String[] {"lotto", "gradient"}) {
            Map<String, Object> fields = Map.of("calibrationEpochs", 1, "replayShare", 0);
            Map<String, Object> from = Map.of("calibrationEpochs", 1, "replayShare", 0, "maskFrom", "first");
            Mask borrowed = mask(second, quick(method, from));
            assertThat(borrowed).isEqualTo(mask(first, quick(method, fields)));
            assertThat(borrowed).isNotEqualTo(mask(second, quick(method, fields)));
        }
    }

    /** As LoTA's use and its safety experiment need it: the mask of a task that the model never learns. */
    @Test
    void aMaskCalibratedOnADatasetThatWasNeverLearntIsTheOneThatItWouldGet() {
        commit(first, quick("lotto", Map.of("epochs", 1)));
        StreamTask never = ToyTasks.counting("never", 4, 64);
        Map<String, Object> fields = Map.of("calibrationEpochs", 1, "replayShare", 0);
        Mask expected = mask(never, quick("lotto", fields));
        for (String name : new String[] {"never", never.data().task().toString(), "topic:never@0:0-64"}) {
            TrainingJob own = model.job(second, quick("lotto", with(fields, "maskFrom", name)));
            TrainingJob job = new TrainingJob(
                    own.run(),
                    own.recipe(),
                    own.data(),
                    own.parent(),
                    own.grant(),
                    own.earlier(),
                    Optional.of(never.data()));
            CheckpointStore checkpoints = new CheckpointStore(directory.resolve("run-" + runs++));
            Adapter adapter =
                    model.train(job, TrainingControl.unattended(checkpoints)).adapter();
            assertThat(mask(adapter)).isEqualTo(expected);
            assertThat(adapter.metadata().task()).isEqualTo(second.data().task());
        }
    }

    /** Whatever the model remembers under that name. */
    @Test
    void recordsThatAreNamedByTheirContentAreThoseThatAreGiven() {
        commit(first, quick("random", Map.of()));
        StreamTask others = ToyTasks.counting("others", 4, 64);
        String name = first.data().task() + "@" + "0".repeat(64);
        TrainingJob job = model.job(second, quick("lotto", Map.of("maskFrom", name, "replayShare", 0.25)));
        TrainingJob given = new TrainingJob(
                job.run(),
                job.recipe(),
                job.data(),
                job.parent(),
                job.grant(),
                job.earlier(),
                Optional.of(others.data()));
        Curriculum curriculum = Curriculum.of(given.recipe(), given.data(), given.learnt());
        assertThat(curriculum.data(Phase.CALIBRATE).data()).isEqualTo(others.data());
    }

    @Test
    void aMaskFromATaskThatTheModelHasNotLearntIsRefused() {
        commit(first, quick("random", Map.of()));
        assertThatExceptionOfType(TessellateException.class)
                .isThrownBy(() -> train(second, quick("lotto", Map.of("maskFrom", "third"))))
                .withMessage("recipe field 'maskFrom' is third but must be an earlier task of the model: [first]")
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_RECIPE));
    }

    @Test
    void aMaskIsPartOfItsTicket() {
        Map<String, Object> calibrated = Map.of("calibrationEpochs", 1, "epochs", 1, "learningRate", 1e-3);
        TrainingOutcome ticket = train(first, quick("lotto", with(calibrated, "density", 0.1)));
        TrainingOutcome iterated =
                train(first, quick("lotto", with(with(calibrated, "density", 0.01), "ticketDensity", 0.1)));
        Mask direct = mask(first, quick("lotto", with(calibrated, "density", 0.01)));
        assertThat(mask(iterated.adapter()).cardinality()).isEqualTo(163);
        assertThat(mask(iterated.adapter()).isSubsetOf(mask(ticket.adapter()))).isTrue();
        assertThat(mask(iterated.adapter())).isNotEqualTo(direct);
        assertThat(iterated.steps()).isEqualTo(ticket.steps() + 4);
    }

    private static Map<String, Object> with(Map<String, Object> fields, String name, Object value) {
        Map<String, Object> all = new HashMap<>(fields);
        all.put(name, value);
        return all;
    }
}
