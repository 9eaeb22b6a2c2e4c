package io.tessellate.engine.train.gradient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tessellate.engine.method.MaskPlan;
import io.tessellate.engine.method.Salience;
import io.tessellate.engine.model.fixture.FlatPlaces;
import io.tessellate.engine.model.weights.Weights;
import io.tessellate.engine.recipe.Recipe;
import io.tessellate.engine.stream.StreamTask;
import io.tessellate.engine.train.entries.TrainedEntries;
import io.tessellate.engine.train.fixture.ToyTasks;
import io.tessellate.engine.train.fixture.TrainingFixture;
import io.tessellate.engine.values.FloatBlocks;
import io.tessellate.mask.Mask;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the salience metrics are, by relations that need no second implementation of the gradient. */
@Tag("numeric")
class SalienceTest {
    private final TrainingFixture model = new TrainingFixture();
    private final StreamTask task = ToyTasks.lookup("first", 1, 64);

    @TempDir
    private Path directory;

    @AfterEach
    void close() {
        model.close();
    }

    private Recipe recipe(String method) {
        return Recipe.of(Map.of("method", method, "epochs", 1, "density", 0.1, "batchSize", 16));
    }

    private Mask mask(String method) {
        return model.train(task, recipe(method), directory.resolve(method))
                .adapter()
                .mask(model.owned().space());
    }

    private <T> T scoring(Function<SalienceScores, T> use) {
        return scoring(model.views().union(), use);
    }

    private <T> T scoring(Weights weights, Function<SalienceScores, T> use) {
        Mask all = Mask.all(model.owned().space());
        return Probe.of(
                model.job(task, recipe("gradient")),
                all,
                (gradients, entries, head) -> use.apply(new SalienceScores(gradients, weights, entries, head)));
    }

    private TrainedEntries entries() {
        Mask all = Mask.all(model.owned().space());
        return TrainedEntries.of(MaskPlan.Entries.of(all), model.views().union().layout());
    }

    private float[] values() {
        return entries().read(model.views().union().vector()).toArray();
    }

    @Test
    void snipAndTaylorChooseTheSameWeightsAndGradientOthers() {
        assertThat(mask("taylor")).isEqualTo(mask("snip"));
        assertThat(mask("gradient")).isNotEqualTo(mask("snip"));
    }

    @Test
    void forceIsSnipWithASign() {
        scoring(scores -> {
            float[] snip = scores.of(Salience.SNIP).toArray();
            float[] force = scores.of(Salience.FORCE).toArray();
            int negative = 0;
            for (int n = 0; n < snip.length; n++) {
                assertThat(Math.abs(force[n])).isEqualTo(snip[n]);
                negative += force[n] < 0 ? 1 : 0;
            }
            assertThat(negative).isBetween(snip.length / 4, 3 * snip.length / 4);
            return null;
        });
    }

    @Test
    void theMeanOfSquaresIsNeverBelowTheSquareOfTheMean() {
        scoring(scores -> {
            float[] gradient = scores.of(Salience.GRADIENT).toArray();
            float[] fisher = scores.of(Salience.FISHER).toArray();
            double above = 0;
            for (int n = 0; n < fisher.length; n++) {
                assertThat(fisher[n]).isGreaterThanOrEqualTo(0.999f * gradient[n] * gradient[n]);
                above += fisher[n] > 1.1f * gradient[n] * gradient[n] ? 1 : 0;
            }
            assertThat(above / fisher.length).isGreaterThan(0.9);
            return null;
        });
    }

    /** By Taylor: |g(w + e g)|^2 - |g(w)|^2 = 2 e g.Hg for a small e, here taken larger and from the other side. */
    @Test
    void graspSeesTheHessianByTheGradientsGrowth() {
        float[] values = values();
        float[] magnitude = scoring(scores -> scores.of(Salience.GRADIENT).toArray());
        float[] signed = scoring(scores -> scores.of(Salience.FORCE).toArray());
        float[] grasp = scoring(scores -> scores.of(Salience.GRASP).toArray());
        double expected = 0;
        double square = 0;
        for (int n = 0; n < values.length; n++) {
            double gradient = values[n] == 0 ? 0 : -signed[n] / values[n];
            expected += values[n] == 0 ? 0 : gradient * grasp[n] / values[n];
            square += (double) magnitude[n] * magnitude[n];
        }
        double step = -2e-3 * norm(values) / Math.sqrt(square);
        try (Weights moved = model.views().union().copy()) {
            FloatBlocks there = entries().read(moved.vector());
            int n = 0;
            for (float[] block : there.all()) {
                for (int i = 0; i < block.length; i++, n++) {
                    block[i] += (float) (values[n] == 0 ? 0 : step * -signed[n] / values[n]);
                }
            }
            entries().assign(there, moved.vector());
            double grown =
                    norm(scoring(moved, scores -> scores.of(Salience.GRADIENT).toArray()));
            double growth = (grown * grown - square) / (2 * step);
            assertThat(growth).isCloseTo(expected, within(0.1 * Math.abs(expected)));
        }
        assertThat(values()).isEqualTo(values);
    }

    private static double norm(float[] values) {
        double sum = 0;
        for (float value : values) {
            sum += (double) value * value;
        }
        return Math.sqrt(sum);
    }

    @Test
    void magnitudeChoosesTheLargest() {
        Mask chosen = mask("magnitude");
        Weights weights = model.views().union();
        float smallest = Float.MAX_VALUE;
        for (float value : FlatPlaces.read(weights, chosen)) {
            smallest = Math.min(smallest, Math.abs(value));
        }
        int larger = 0;
        for (float value : values()) {
            larger += Math.abs(value) > smallest ? 1 : 0;
        }
        assertThat(larger).isLessThan((int) chosen.cardinality());
    }

    @Test
    void aRandomMaskIsTheSeedsAloneAndSpreadEvenly() {
        Mask drawn = mask("random");
        Mask again = model.train(ToyTasks.lookup("other", 9, 64), recipe("random"), directory.resolve("other"))
                .adapter()
                .mask(model.owned().space());
        assertThat(again).isEqualTo(drawn);
        int tensors = drawn.space().tensorCount();
        for (int t = 0; t < tensors; t++) {
            int[] count = {0};
            drawn.forEach(t, index -> count[0]++);
            double expected = 0.1 * drawn.space().tensor(t).size();
            assertThat((double) count[0]).isCloseTo(expected, within(5 * Math.sqrt(expected)));
        }
    }
}
