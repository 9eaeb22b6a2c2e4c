package io.tessellate.engine.train.gradient;

import static org.assertj.core.api.Assertions.assertThat;

import io.tessellate.engine.Rounding;
import io.tessellate.engine.data.EncodedExample;
import io.tessellate.engine.method.MaskPlan;
import io.tessellate.engine.model.fixture.FlatPlaces;
import io.tessellate.engine.model.fixture.ToyEncoder;
import io.tessellate.engine.model.head.HeadGradients;
import io.tessellate.engine.model.head.Step;
import io.tessellate.engine.model.pass.Encoder;
import io.tessellate.engine.model.weights.Gradients;
import io.tessellate.engine.model.weights.TrainableTensors;
import io.tessellate.engine.model.weights.Weights;
import io.tessellate.engine.objective.ModelPasses;
import io.tessellate.engine.optimizer.GradientNorm;
import io.tessellate.engine.recipe.Recipe;
import io.tessellate.engine.stream.StreamTask;
import io.tessellate.engine.train.TrainingJob;
import io.tessellate.engine.train.entries.TrainedEntries;
import io.tessellate.engine.train.fixture.ToyTasks;
import io.tessellate.engine.train.fixture.TrainingFixture;
import io.tessellate.engine.train.replay.ReplayDraws;
import io.tessellate.engine.version.EarlierTask;
import io.tessellate.mask.RandomMask;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("numeric")
class EarlierFisherTest {
    private static final Recipe RECIPE =
            Recipe.of(Map.of("method", "full", "epochs", 0.1, "examinedShare", 0.1, "learningRate", 2e-3));

    private final TrainingFixture model = new TrainingFixture();
    private final StreamTask first = ToyTasks.lookup("first", 1, 64);
    private final StreamTask second = ToyTasks.counting("second", 2, 64);
    private final TrainedEntries all =
            new TrainedEntries.All(model.views().base().layout());

    @TempDir
    private Path directory;

    @AfterEach
    void close() {
        model.close();
    }

    private void learn(StreamTask task) {
        Path checkpoints = directory.resolve(task.data().task().task().value());
        model.commit(task, model.train(task, RECIPE, checkpoints).adapter());
    }

    private float[] fisher(TrainedEntries entries, TrainingJob job) {
        try (ModelPasses passes = new ModelPasses(TrainingFixture.BACKEND, ToyEncoder.CONFIG)) {
            return new EarlierFisher(
                            job.learnt(), job.recipe().replay().examined(), passes, TrainingFixture.BACKEND, () -> {})
                    .of(entries)
                    .toArray();
        }
    }

    private TrainingJob job() {
        return model.job(ToyTasks.lookup("next", 3, 64), RECIPE.with("elasticity", 1));
    }

    /** The definition, example by example, for one earlier task. */
    private float[] reference(int ordinal) {
        EarlierTask task = job().earlier().get(ordinal);
        List<EncodedExample> train = task.examples();
        int[] memory = ReplayDraws.memory(task.task().task().value(), train.size(), 0.1);
        Weights union = model.views().union();
        double[] sum = new double[(int) all.size()];
        try (Encoder encoder = new Encoder(TrainingFixture.BACKEND, ToyEncoder.CONFIG);
                Gradients gradients = new Gradients(TrainingFixture.BACKEND, TrainableTensors.all(union.layout()))) {
            for (int position : memory) {
                List<EncodedExample> example = List.of(train.get(position));
                gradients.zero();
                Step step = new Step(
                        EncodedExample.batch(example, ToyEncoder.CONFIG),
                        task.objective().head().orElseThrow().targets(example));
                encoder.backward(union, task.head(), step, gradients, HeadGradients.none());
                float[] gradient = gradients.vector().toArray(0, sum.length);
                for (int n = 0; n < sum.length; n++) {
                    sum[n] += (double) gradient[n] * gradient[n];
                }
            }
        }
        float[] mean = new float[sum.length];
        for (int n = 0; n < mean.length; n++) {
            mean[n] = (float) (sum[n] / memory.length);
        }
        return mean;
    }

    /** Squares of gradients, each of a pass, which are added up over the memory. */
    private static Rounding rounding() {
        return Rounding.pass(ToyEncoder.CONFIG, 16, 16 * 64);
    }

    @Test
    void withoutAnEarlierTaskNothingMatters() {
        assertThat(fisher(all, job())).containsOnly(0f);
    }

    @Test
    void itIsTheSumOfTheTasksMeanSquaredGradientsAtTheUnionView() {
        learn(first);
        learn(second);
        float[] one = reference(0);
        float[] two = reference(1);
        float[] expected = new float[one.length];
        for (int n = 0; n < one.length; n++) {
            expected[n] = one[n] + two[n];
        }
        float[] found = fisher(all, job());
        rounding().assertClose(found, expected);
        assertThat(GradientNorm.of(found)).isPositive();
    }

    @Test
    void aMaskHasThePartOfItsEntries() {
        learn(first);
        float[] whole = fisher(all, job());
        var mask = RandomMask.of(model.owned(), 500, new SplittableRandom(4));
        TrainedEntries some = TrainedEntries.of(
                MaskPlan.Entries.of(mask), model.views().base().layout());
        int[] places = FlatPlaces.of(model.views().base().layout(), mask);
        float[] expected = new float[places.length];
        for (int n = 0; n < expected.length; n++) {
            expected[n] = whole[places[n]];
        }
        rounding().assertClose(fisher(some, job()), expected);
    }
}
