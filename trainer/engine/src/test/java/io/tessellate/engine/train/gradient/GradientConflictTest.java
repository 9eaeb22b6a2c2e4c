package io.tessellate.engine.train.gradient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tessellate.engine.data.EncodedExample;
import io.tessellate.engine.model.fixture.FlatPlaces;
import io.tessellate.engine.model.fixture.SlowToyLoss;
import io.tessellate.engine.model.fixture.SlowToyLoss.LabelledSequences;
import io.tessellate.engine.model.head.Head;
import io.tessellate.engine.model.weights.ParameterLayout;
import io.tessellate.engine.model.weights.Weights;
import io.tessellate.engine.optimizer.GradientNorm;
import io.tessellate.engine.recipe.Recipe;
import io.tessellate.engine.stream.StreamTask;
import io.tessellate.engine.train.TrainingJob;
import io.tessellate.engine.train.entries.EntryScores;
import io.tessellate.engine.train.fixture.ToyTasks;
import io.tessellate.engine.train.fixture.TrainingFixture;
import io.tessellate.engine.train.replay.ReplayDraws;
import io.tessellate.engine.values.FloatBlocks;
import io.tessellate.engine.version.EarlierTask;
import io.tessellate.mask.Mask;
import io.tessellate.mask.RandomMask;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.BiFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Held against finite differences of a slow loss in double precision, on a model that has learnt two tasks. */
@Tag("numeric")
class GradientConflictTest {
    private static final double MEMORY = 0.1;
    private static final double STEP = 1e-3;
    private static final Recipe EARLIER =
            Recipe.of(Map.of("method", "expander", "density", 0.125, "epochs", 2, "learningRate", 4e-3));
    private static final Recipe RECIPE = Recipe.of(Map.of(
            "method",
            "expander",
            "density",
            0.125,
            "epochs",
            0.1,
            "examinedShare",
            MEMORY,
            "avoid",
            "conflict",
            "avoidShare",
            0.5));

    private final TrainingFixture model = new TrainingFixture();
    private final StreamTask next = ToyTasks.lookup("next", 3, 64);
    private final ParameterLayout layout = model.views().base().layout();

    @TempDir
    private Path directory;

    @BeforeEach
    void learnTwoTasks() {
        for (StreamTask task : List.of(ToyTasks.lookup("first", 1, 64), ToyTasks.agreement("second", 2, 96))) {
            Path checkpoints = directory.resolve(task.data().task().task().value());
            model.commit(task, model.train(task, EARLIER, checkpoints).adapter());
        }
    }

    @AfterEach
    void close() {
        model.close();
    }

    private SlowToyLoss loss() {
        return new SlowToyLoss(model.views().union().vector().toArray(0, layout.size()));
    }

    private TrainingJob job() {
        return model.job(next, RECIPE);
    }

    /** What an earlier task remembers, through its own head. */
    private LabelledSequences remembered(EarlierTask task) {
        List<EncodedExample> train = task.examples();
        int[] memory = ReplayDraws.memory(task.task().task().value(), train.size(), MEMORY);
        return sequences(IntStream.of(memory).mapToObj(train::get).toList(), task.head());
    }

    /** The first batch of the new task, through the head that it begins with. */
    private LabelledSequences calibrated() {
        return Probe.of(job(), Mask.none(layout.eligible()), (gradients, entries, head) -> {
            List<EncodedExample> train = next.data().train();
            int[] batch = gradients.calibration(head).batches().get(0);
            return sequences(IntStream.of(batch).mapToObj(train::get).toList(), head);
        });
    }

    private static LabelledSequences sequences(List<EncodedExample> examples, Head head) {
        return new LabelledSequences(
                examples.stream().map(example -> example.sequences().get(0)).toList(),
                examples.stream().mapToInt(example -> (int) example.target()).toArray(),
                head);
    }

    private float[] conflict(Mask mask) {
        return Probe.of(
                job(),
                mask,
                (gradients, entries, head) ->
                        gradients.conflict(entries, model.views().union(), head).toArray());
    }

    private static double length(double[] vector) {
        return Math.sqrt(DoubleStream.of(vector).map(value -> value * value).sum());
    }

    @Test
    void itIsMinusTheNewSlopeTimesTheSumOfTheEarlierOnesAtLengthOne() {
        Mask mask = RandomMask.of(Mask.all(layout.eligible()), 30, new SplittableRandom(5));
        int[] positions = FlatPlaces.of(layout, mask);
        double[] old = new double[positions.length];
        for (EarlierTask task : job().earlier()) {
            double[] slopes = loss().slopes(remembered(task), positions);
            for (int n = 0; n < old.length; n++) {
                old[n] += slopes[n] / length(slopes);
            }
        }
        double[] own = loss().slopes(calibrated(), positions);

        float[] found = conflict(mask);
        int harmful = 0;
        for (int n = 0; n < found.length; n++) {
            double expected = -own[n] * old[n];
            assertThat((double) found[n])
                    .as("entry %d", n)
                    .isCloseTo(expected, within(1e-4 * length(own) + 1e-3 * Math.abs(expected)));
            harmful += expected > 0 ? 1 : 0;
        }
        assertThat(harmful).isBetween(5, 25);
    }

    @Test
    void aStepOnTheAvoidedWeightsRaisesTheEarlierLossesAndOnTheKeptOnesDoesNot() {
        Mask whole = model.train(next, RECIPE.with("avoid", "none"), directory.resolve("whole"))
                .adapter()
                .mask(layout.eligible());
        Mask kept =
                model.train(next, RECIPE, directory.resolve("kept")).adapter().mask(layout.eligible());
        Mask avoided = whole.minus(kept);
        assertThat(avoided.cardinality()).isEqualTo(kept.cardinality()).isEqualTo(1024);

        double harmful = rise(avoided, whole);
        double harmless = rise(kept, whole);
        assertThat(harmful).isPositive().isCloseTo(predicted(avoided, whole), within(0.02 * harmful));
        assertThat(harmless).isNegative().isCloseTo(predicted(kept, whole), within(-0.02 * harmless));
    }

    /** How much a small step of the new task's descent on some of the weights raises the earlier losses, each in its unit. */
    private double rise(Mask step, Mask whole) {
        double[] down = scaled(gradient(step, GradientSources::calibration), -STEP);
        double rise = 0;
        for (EarlierTask task : job().earlier()) {
            SlowToyLoss loss = loss();
            double before = loss.of(remembered(task));
            loss.move(FlatPlaces.of(layout, step), down);
            double unit = GradientNorm.of(gradient(whole, (gradients, head) -> gradients.examined(task)));
            rise += (loss.of(remembered(task)) - before) / unit;
        }
        return rise;
    }

    private float[] gradient(Mask mask, BiFunction<GradientSources, Head, ExampleBatches> examples) {
        return Probe.of(job(), mask, (gradients, entries, head) -> {
            Weights union = model.views().union();
            try (var mean = gradients.of(examples.apply(gradients, head), entries, union)) {
                return mean.mean().toArray();
            }
        });
    }

    private static double[] scaled(float[] vector, double by) {
        return IntStream.range(0, vector.length)
                .mapToDouble(n -> by * vector[n])
                .toArray();
    }

    private double predicted(Mask step, Mask whole) {
        EntryScores harm = new EntryScores(whole, FloatBlocks.of(conflict(whole)));
        double[] sum = {0};
        for (int t = 0; t < step.space().tensorCount(); t++) {
            int tensor = t;
            step.forEach(t, index -> sum[0] += STEP * harm.at(tensor, index));
        }
        return sum[0];
    }
}
