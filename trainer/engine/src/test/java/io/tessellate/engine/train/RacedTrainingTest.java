package io.tessellate.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tessellate.engine.objective.ModelPasses;
import io.tessellate.engine.race.Measurement;
import io.tessellate.engine.recipe.Phase;
import io.tessellate.engine.recipe.Recipe;
import io.tessellate.engine.stream.StreamTask;
import io.tessellate.engine.train.checkpoint.CheckpointStore;
import io.tessellate.engine.train.fixture.Interruptions;
import io.tessellate.engine.train.fixture.ToyTasks;
import io.tessellate.engine.train.fixture.TrainingFixture;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.id.Sha256;
import io.tessellate.mask.adapter.AdapterFile;
import io.tessellate.method.MethodName;
import io.tessellate.recipe.RaceResult;
import io.tessellate.recipe.RaceTrial;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a recipe leaves open is raced for, and then it is trained as with a recipe that names the winner. */
@Tag("numeric")
@Tag("any-backend")
class RacedTrainingTest {
    private final TrainingFixture model = new TrainingFixture();
    private final StreamTask first = ToyTasks.lookup("first", 1, 100);
    private final StreamTask second = ToyTasks.lookup("second", 2, 100);

    @TempDir
    private Path directory;

    @AfterEach
    void close() {
        model.close();
    }

    private static Recipe recipe(Map<String, Object> changes) {
        Map<String, Object> fields = new HashMap<>(Map.of(
                "method", "expander", "density", 0.125, "epochs", 10, "learningRate", "auto", "replayShare", 0.25));
        fields.putAll(changes);
        return Recipe.of(fields);
    }

    private void learnFirst() {
        Recipe named = recipe(Map.of("learningRate", 5e-3));
        model.commit(
                first, model.train(first, named, directory.resolve("first")).adapter());
    }

    private TrainingOutcome train(TrainingJob job, String name) {
        return model.train(job, TrainingControl.unattended(new CheckpointStore(directory.resolve(name))));
    }

    private Sha256 file(TrainingOutcome outcome) {
        return AdapterFile.write(directory.resolve("adapter"), outcome.adapter());
    }

    @ParameterizedTest
    @EnumSource(names = {"FULL", "EWC", "LORA", "LOTTO", "EXPANDER", "MATCHINGS", "GRADIENT"})
    void aMethodRacesWithinItsBudgetAndThenTrainsAsWithTheWinnerNamed(MethodName method) {
        learnFirst();
        Recipe open = recipe(Map.of("method", method.text(), "epochs", 10));
        TrainingOutcome raced = train(model.job(second, open), "raced");
        RaceResult race = raced.race().orElseThrow();
        assertThat(race.cost()).isPositive().isLessThanOrEqualTo(race.budget());
        assertThat(race.budget()).isEqualTo(0.5 * raced.steps());
        assertThat(race.earlierHeldOut()).isPositive();
        Recipe named = open.with("learningRate", race.chosen().get("learningRate"));
        TrainingOutcome alone = train(model.job(second, named), "named");
        assertThat(raced.recipe()).isEqualTo(alone.recipe());
        assertThat(raced.recipe().learningRate()).isEqualTo(named.learningRate());
        assertThat(alone.race()).isEmpty();
        assertThat(file(raced)).isEqualTo(file(alone));
    }

    @ParameterizedTest
    @ValueSource(doubles = {6, 6.4, 6.8, 7.2, 7.6})
    void itStaysWithinItsBudgetHoweverItsStepsAreRounded(double epochs) {
        learnFirst();
        RaceResult race = train(model.job(second, recipe(Map.of("epochs", epochs))), "rounded" + epochs)
                .race()
                .orElseThrow();
        assertThat(race.cost()).isPositive().isLessThanOrEqualTo(race.budget());
    }

    /** As a new user pushes: a training of few examples is raised to its least steps, and a trial of it is not. */
    @Test
    void whereNobodySaysHowManyStepsTrialsAreShortAllTheSame() {
        learnFirst();
        TrainingOutcome outcome = train(model.job(second, Recipe.of(Map.of("density", 0.125))), "default");
        RaceResult race = outcome.race().orElseThrow();
        assertThat(outcome.steps()).isEqualTo(140);
        long trained = race.candidates().stream()
                .flatMap(candidate -> candidate.trials().stream())
                .mapToLong(RaceTrial::steps)
                .sum();
        assertThat((double) trained).isPositive().isLessThan(race.budget());
        assertThat(race.cost()).isBetween((double) trained, race.budget());
    }

    @Test
    void aRaceThatIsKilledAgainAndAgainComesToTheSameWinnerAndTheSameBytes() {
        learnFirst();
        TrainingJob job = model.job(second, recipe(Map.of("distillShare", 0.25)));
        TrainingOutcome once = train(job, "once");
        Interruptions interruptions = Interruptions.atRandom(6, new Random(4), directory.resolve("stopped"));
        TrainingOutcome stopped = interruptions.train(job);
        assertThat(interruptions.count()).isGreaterThan(10);
        assertThat(stopped.race()).isEqualTo(once.race());
        assertThat(file(stopped)).isEqualTo(file(once));
    }

    @Test
    void aDamagedFileOfTrialsIsRacedAnew() throws Exception {
        TrainingJob job = model.job(first, recipe(Map.of()));
        Path trials = directory.resolve("damaged").resolve("race");
        Files.createDirectories(trials.getParent());
        Files.writeString(trials, "{\"job\":\"x\"}");
        assertThat(train(job, "damaged").race()).isEqualTo(train(job, "once").race());
        Files.writeString(trials, Files.readString(trials).replaceFirst("\"steps\":\\d+", "\"steps\":1"));
        assertThat(train(job, "damaged").race()).isEqualTo(train(job, "once").race());
    }

    /** What is asked for and not done costs nothing, so it takes nothing from the race's budget. */
    @Test
    void replayAndDistillationOfNothingCostARaceNothing() {
        RaceResult alone = train(model.job(first, recipe(Map.of("replayShare", 0, "distillShare", 0))), "alone")
                .race()
                .orElseThrow();
        RaceResult race = train(model.job(first, recipe(Map.of("replayShare", 0.5, "distillShare", 1))), "beside")
                .race()
                .orElseThrow();
        assertThat(race).isEqualTo(alone);
    }

    @Test
    void theFirstTaskOfAModelIsRacedByWhatItLearnsAlone() {
        RaceResult race =
                train(model.job(first, recipe(Map.of())), "first").race().orElseThrow();
        assertThat(race.earlierHeldOut()).isZero();
        assertThat(race.heldOut()).isEqualTo(20);
        assertThat(race.candidates())
                .allSatisfy(candidate -> assertThat(candidate.trials())
                        .allSatisfy(trial -> assertThat(trial.forgotten()).isZero()));
    }

    @Test
    void withoutEarlierDataItIsMeasuredOnOwnInputsWhatEarlierTasksLose() {
        learnFirst();
        Recipe distilled = recipe(Map.of("replayShare", 0.0, "distillShare", 0.5));
        RaceResult race =
                train(model.job(second, distilled), "distilled").race().orElseThrow();
        assertThat(race.earlierHeldOut()).isPositive();
        assertThat(race.candidates())
                .anySatisfy(candidate -> assertThat(candidate.trials())
                        .anySatisfy(trial -> assertThat(trial.forgotten()).isNotZero()));
    }

    @Test
    void twentyExamplesHaveNoRoomForARaceAndThePriorIsTaken() {
        StreamTask tiny = ToyTasks.lookup("tiny", 3, 20);
        TrainingOutcome outcome = train(model.job(tiny, recipe(Map.of("epochs", 3))), "tiny");
        RaceResult race = outcome.race().orElseThrow();
        assertThat(race.candidates()).hasSize(1);
        assertThat(race.cost()).isZero();
        assertThat(race.remark()).contains("no room");
    }

    @ParameterizedTest
    @ValueSource(doubles = {1e30, 1})
    void aRateThatDivergesIsLeftWithinAFewSteps(double rate) {
        TrainingJob job = model.job(first, recipe(Map.of("method", "full", "learningRate", 1e-3, "clipNorm", 0)));
        TrainingControl control = TrainingControl.unattended(new CheckpointStore(directory));
        try (ModelPasses passes =
                new ModelPasses(TrainingFixture.BACKEND, job.parent().config())) {
            RaceWatch watch = new RaceWatch(job, TrainingFixture.BACKEND, control, 10);
            RaceTrials trials = new RaceTrials(job, passes, TrainingFixture.BACKEND, watch);
            Measurement wild = trials.run(new TreeMap<>(Map.of("learningRate", rate)), 1);
            assertThat(wild.isDiverged()).isTrue();
            assertThat(wild.steps()).isLessThan(12);
            assertThat(trials.run(new TreeMap<>(Map.of("learningRate", 1e-3)), 0.1)
                            .isDiverged())
                    .isFalse();
        }
    }

    @Test
    void whatIsRacedIsReportedAsARace() {
        List<TrainingProgress> heard = new ArrayList<>();
        TrainingJob job = model.job(first, recipe(Map.of()));
        TrainingControl control = TrainingControl.unattended(new CheckpointStore(directory.resolve("heard")))
                .with(heard::add);
        model.train(job, control);
        List<TrainingProgress> race =
                heard.stream().filter(now -> now.phase() == Phase.RACE).toList();
        assertThat(race).isNotEmpty().allSatisfy(now -> assertThat(now.step()).isLessThanOrEqualTo(now.steps()));
        assertThat(race).extracting(TrainingProgress::step).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void severalFieldsAreRacedTogether() {
        learnFirst();
        Recipe open = recipe(Map.of("method", "lotto", "density", "auto", "epochs", "auto", "replayWeight", "auto"))
                .with("raceBudget", 12);
        TrainingOutcome outcome = train(model.job(second, open), "several");
        RaceResult race = outcome.race().orElseThrow();
        assertThat(race.chosen()).containsOnlyKeys("learningRate", "density", "epochs", "replayWeight");
        assertThat(race.candidates()).hasSizeGreaterThan(6);
        assertThat(race.cost()).isLessThanOrEqualTo(race.budget());
        assertThat(outcome.recipe().raced()).isEmpty();
        assertThat(outcome.recipe().density()).isEqualTo(race.chosen().get("density"));
    }

    @Test
    void anExpandersDensityCannotBeRacedAndThatIsSaid() {
        assertThatExceptionOfType(TessellateException.class)
                .isThrownBy(() -> recipe(Map.of("density", "auto")))
                .withMessage(
                        "recipe field 'density' is auto but must be a number where the method chooses no weights one by one")
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_RECIPE));
    }
}
