package io.tessellate.engine.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.tessellate.engine.data.EncodedExample;
import io.tessellate.engine.model.fixture.ToyEncoder;
import io.tessellate.engine.model.head.Head;
import io.tessellate.engine.objective.HeadObjective;
import io.tessellate.engine.objective.HeadScorer;
import io.tessellate.engine.objective.ModelPasses;
import io.tessellate.engine.objective.ValueUnits;
import io.tessellate.engine.recipe.Recipe;
import io.tessellate.engine.stream.StreamTask;
import io.tessellate.engine.train.checkpoint.CheckpointStore;
import io.tessellate.engine.train.fixture.ToyTasks;
import io.tessellate.engine.train.fixture.TrainingFixture;
import io.tessellate.engine.train.replay.EarlierLoss;
import io.tessellate.engine.version.EarlierTask;
import io.tessellate.engine.version.LearntTasks;
import io.tessellate.engine.version.ParentVersion;
import io.tessellate.mask.adapter.Adapter;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Of earlier tasks whose records are gone a version still has the heads, and an adapter the units of what they say. */
class HeadsAloneTest {
    private final TrainingFixture model = new TrainingFixture();
    private final List<StreamTask> learnt =
            List.of(ToyTasks.lookup("first", 3, 300), ToyTasks.counting("count", 4, 96));
    private final StreamTask other = ToyTasks.lookup("other", 2, 300);

    @TempDir
    private Path directory;

    @BeforeEach
    void learn() {
        for (StreamTask task : learnt) {
            Path checkpoints = directory.resolve(task.data().task().task().value());
            model.commit(
                    task,
                    model.train(task, recipe(Map.of("epochs", 3)), checkpoints).adapter());
        }
    }

    @AfterEach
    void close() {
        model.close();
    }

    private static Recipe recipe(Map<String, Object> more) {
        Map<String, Object> fields = new HashMap<>(Map.of(
                "method",
                "expander",
                "density",
                0.125,
                "epochs",
                2,
                "learningRate",
                5e-3,
                "batchSize",
                8,
                "replayShare",
                0,
                "distillShare",
                0));
        fields.putAll(more);
        return Recipe.of(fields);
    }

    /** As a process reads it that has the version's adapters and the task's manifest. */
    private EarlierTask ofAdapter(int place) {
        Adapter adapter = model.views().adapters().get(place);
        return new EarlierTask(
                adapter.metadata().task(),
                learnt.get(place).data().objective(),
                model.views().head(place),
                adapter.metadata().units().map(ValueUnits::of).orElse(ValueUnits.NONE),
                List.of(),
                place);
    }

    private EarlierTask whole(int place) {
        return EarlierTask.of(learnt.get(place).data(), model.views().head(place), place);
    }

    private TrainingJob job(Recipe recipe, List<EarlierTask> earlier) {
        TrainingJob job = model.job(other, recipe);
        return new TrainingJob(job.run(), job.recipe(), job.data(), job.parent(), job.grant(), earlier);
    }

    private Adapter trained(TrainingJob job, String name) {
        return model.train(job, TrainingControl.unattended(new CheckpointStore(directory.resolve(name))))
                .adapter();
    }

    @Test
    void toHoldThemAndToRaceForItNothingElseIsNeeded() {
        Recipe recipe =
                recipe(Map.of("distillShare", 0.5, "pseudoShare", 0.5, "learningRate", "auto", "raceBudget", 1));
        Adapter withRecords = trained(job(recipe, List.of(whole(0), whole(1))), "records");
        Adapter withoutThem = trained(job(recipe, List.of(ofAdapter(0), ofAdapter(1))), "heads");
        assertThat(withoutThem).isEqualTo(withRecords);
        assertThat(trained(job(recipe, List.of()), "nothing")).isNotEqualTo(withRecords);
    }

    @Test
    void ofTheTaskThatAMaskIsCalibratedOnNothingElseIsNeededEither() {
        Recipe recipe = recipe(Map.of(
                "method", "lotto", "maskFrom", "first", "distillShare", 0.5, "learningRate", "auto", "raceBudget", 1));
        Adapter withRecords = trained(job(recipe, List.of(whole(0), whole(1))), "all records");
        assertThat(trained(job(recipe, List.of(whole(0), ofAdapter(1))), "its records"))
                .isEqualTo(withRecords);
        Recipe own = recipe.with("maskFrom", "");
        assertThat(trained(job(own, List.of(whole(0), whole(1))), "own mask")).isNotEqualTo(withRecords);
    }

    @Test
    void whatOneLosesIsTheSameShareWhetherOrNotItsRecordsAreThere() {
        var inputs = other.data().train().subList(0, 20);
        try (ModelPasses passes = new ModelPasses(TrainingFixture.BACKEND, ToyEncoder.CONFIG)) {
            double[] parts = lost(passes, List.of(whole(0), whole(1)), inputs);
            assertThat(parts).isEqualTo(lost(passes, List.of(ofAdapter(0), ofAdapter(1)), inputs));
            assertThat(parts).hasSize(6);
            assertThat(DoubleStream.of(parts)).allMatch(part -> part > 0);
        }
    }

    /** In the base's weights. */
    private double[] lost(ModelPasses passes, List<EarlierTask> earlier, List<EncodedExample> inputs) {
        List<EarlierTask> standard =
                earlier.stream().map(EarlierTask::inStandardUnits).toList();
        ParentVersion parent = model.job(other, recipe(Map.of())).parent();
        return EarlierLoss.onInputs(new LearntTasks(parent, standard), inputs, 20, passes)
                .of(model.views().base());
    }

    @Test
    void oneIsHeldWhoseRecordsAreGoneWhileAnotherIsReplayed() {
        Recipe recipe = recipe(Map.of("replayShare", 0.25, "distillShare", 1, "epochs", 4));
        double held = movedBy(trained(job(recipe, List.of(ofAdapter(0), whole(1))), "held"));
        double leftOut = movedBy(trained(job(recipe, List.of(whole(1))), "left out"));
        assertThat(held).isLessThan(0.7 * leftOut);
    }

    @Test
    void ofNoneCanARecordBeReplayedAndTheRaceStillMeasuresWhatIsLost() {
        Recipe recipe =
                recipe(Map.of("replayShare", 0.25, "distillShare", 0.5, "learningRate", "auto", "raceBudget", 1));
        TrainingJob job = job(recipe, List.of(ofAdapter(0), ofAdapter(1)));
        var control = TrainingControl.unattended(new CheckpointStore(directory.resolve("none")));
        assertThat(model.train(job, control).race().orElseThrow().earlierHeldOut())
                .isPositive();
    }

    @Test
    void aRunThatFindsRecordsGoneDoesNotGoOnWithTheCheckpointsItHadWithThem() {
        Recipe replays = recipe(Map.of("replayShare", 0.25, "distillShare", 0.5));
        var before = job(replays, List.of(whole(0), whole(1))).digest(TrainingFixture.BACKEND);
        assertThat(job(replays, List.of(ofAdapter(0), whole(1))).digest(TrainingFixture.BACKEND))
                .isNotEqualTo(before);
        Recipe holds = recipe(Map.of("distillShare", 0.5));
        assertThat(job(holds, List.of(ofAdapter(0), whole(1))).digest(TrainingFixture.BACKEND))
                .isEqualTo(job(holds, List.of(whole(0), whole(1))).digest(TrainingFixture.BACKEND));
    }

    /** How far the first task's logits in the union view are from those in its own, once this is learnt. */
    private double movedBy(Adapter adapter) {
        try (TrainingFixture later = new TrainingFixture();
                ModelPasses passes = new ModelPasses(TrainingFixture.BACKEND, ToyEncoder.CONFIG)) {
            model.views().adapters().forEach(one -> later.views().commit(one));
            later.views().commit(adapter);
            HeadScorer scorer = new HeadScorer(passes.encoder(), ToyEncoder.CONFIG, HeadObjective.CLASSIFICATION);
            Head head = later.views().head(0);
            var examples = learnt.get(0).eval();
            float[] own = HeadScorer.flat(scorer.logits(later.views().task(0), head, examples));
            float[] union = HeadScorer.flat(scorer.logits(later.views().union(), head, examples));
            return IntStream.range(0, own.length)
                    .mapToDouble(i -> Math.abs(union[i] - own[i]))
                    .average()
                    .orElseThrow();
        }
    }
}
