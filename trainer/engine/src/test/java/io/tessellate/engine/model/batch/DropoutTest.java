package io.tessellate.engine.model.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tessellate.engine.Rounding;
import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.backend.Backends;
import io.tessellate.engine.backend.ProbabilityDropout;
import io.tessellate.engine.backend.TestedBackends;
import io.tessellate.engine.model.fixture.SmallFamilies;
import io.tessellate.engine.model.fixture.SmallModel;
import io.tessellate.engine.model.head.Head;
import io.tessellate.engine.model.head.HeadGradients;
import io.tessellate.engine.model.head.Step;
import io.tessellate.engine.model.head.StepResult;
import io.tessellate.engine.model.head.Targets;
import io.tessellate.engine.model.pass.Encoder;
import io.tessellate.engine.model.weights.Gradients;
import io.tessellate.engine.model.weights.ParameterTensor;
import io.tessellate.engine.model.weights.TrainableTensors;
import io.tessellate.engine.model.weights.Weights;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("numeric")
class DropoutTest {
    private static final int WIDTH = 100;

    private static float[] mask(Dropout dropout, int examples, int site) {
        float[] ones = new float[examples * WIDTH];
        Arrays.fill(ones, 1f);
        dropout.scale(ones, WIDTH, site);
        return ones;
    }

    private static double kept(float[] mask) {
        int kept = 0;
        for (float m : mask) {
            kept += m != 0 ? 1 : 0;
        }
        return (double) kept / mask.length;
    }

    @Test
    void theShareIsDroppedAndTheRestScaledSoThatTheMeanStays() {
        float[] mask = mask(new Dropout(0.25, 7, 0), 1000, 3);
        assertThat(kept(mask)).isCloseTo(0.75, within(0.005));
        for (float m : mask) {
            assertThat(m == 0 || m == 1 / 0.75f).isTrue();
        }
    }

    @Test
    void theMaskIsAFunctionOfKeySiteAndExample() {
        float[] mask = mask(new Dropout(0.5, 7, 0), 4, 3);
        assertThat(mask(new Dropout(0.5, 7, 0), 4, 3)).containsExactly(mask);
        assertThat(mask(new Dropout(0.5, 8, 0), 4, 3)).isNotEqualTo(mask);
        assertThat(mask(new Dropout(0.5, 7, 0), 4, 4)).isNotEqualTo(mask);
        assertThat(mask(new Dropout(0.5, 7, 0).other(), 4, 3)).isNotEqualTo(mask);
        assertThat(Arrays.copyOfRange(mask, 0, WIDTH)).isNotEqualTo(Arrays.copyOfRange(mask, WIDTH, 2 * WIDTH));
    }

    @Test
    void aPartOfAStepHasTheRowsOfTheWhole() {
        float[] whole = mask(new Dropout(0.5, 7, 0), 4, 3);
        float[] part = mask(new Dropout(0.5, 7, 0).from(2), 2, 3);
        assertThat(part).containsExactly(Arrays.copyOfRange(whole, 2 * WIDTH, 4 * WIDTH));
    }

    /** Entries of neighbouring columns, rows, sites and steps agree as often as chance has it. */
    @Test
    void neighboursAreIndependent() {
        float[] a = mask(new Dropout(0.5, 1, 0), 1000, 0);
        assertThat(agreement(a, mask(new Dropout(0.5, 2, 0), 1000, 0), 0)).isCloseTo(0.5, within(0.01));
        assertThat(agreement(a, mask(new Dropout(0.5, 1, 0), 1000, 1), 0)).isCloseTo(0.5, within(0.01));
        assertThat(agreement(a, a, 1)).isCloseTo(0.5, within(0.01));
        assertThat(agreement(a, a, WIDTH)).isCloseTo(0.5, within(0.01));
    }

    private static double agreement(float[] a, float[] b, int shift) {
        int same = 0;
        for (int i = 0; i + shift < a.length; i++) {
            same += a[i] == b[i + shift] ? 1 : 0;
        }
        return (double) same / (a.length - shift);
    }

    /** With masks that are functions of their place, the dropped loss has a slope like any other. */
    @ParameterizedTest
    @EnumSource(
            value = SmallFamilies.class,
            names = {"BERT", "DEBERTA", "LLAMA", "GPT2"})
    void gradientsThroughDroppedValuesAreTheSlope(SmallFamilies family) {
        for (String name : TestedBackends.names()) {
            Backend backend = Backends.open(name);
            Batch batch = Batch.of(SmallModel.sequences(4, 11, 5, 2, 9), family.config());
            Head head = SmallModel.head(2, 3);
            Step step = new Step(batch, Targets.classes(0, 1, 2, 0), 1, new Dropout(0.3, 0.4, 5, 0));
            TrainableTensors all = TrainableTensors.all(family.layout());
            try (Weights weights = SmallModel.weights(backend, family.layout(), SmallModel.values(family.layout(), 3));
                    Gradients gradients = new Gradients(backend, all);
                    Gradients ignored = new Gradients(backend, all);
                    Encoder encoder = new Encoder(backend, family.config())) {
                encoder.backward(weights, head, step, gradients, HeadGradients.none());
                ToDoubleFunction<Weights> loss =
                        moved -> encoder.backward(moved, head, step, ignored, HeadGradients.none())
                                .loss();
                compareDirections(weights, gradients, loss);
            }
        }
    }

    /** Along a random direction of each tensor, in single precision and therefore with a wide step. */
    private static void compareDirections(Weights weights, Gradients gradients, ToDoubleFunction<Weights> loss) {
        Random random = new Random(9);
        for (ParameterTensor tensor : weights.layout().tensors()) {
            float[] values = weights.get(tensor.name());
            float[] gradient = gradients.get(tensor.name());
            float[] direction = new float[values.length];
            double expected = 0;
            double length = 0;
            for (int i = 0; i < values.length; i++) {
                direction[i] = (float) random.nextGaussian();
                expected += (double) direction[i] * gradient[i];
                length += (double) direction[i] * direction[i];
            }
            double step = 4e-3 / Math.sqrt(length);
            weights.put(tensor.name(), along(values, direction, step));
            double above = loss.applyAsDouble(weights);
            weights.put(tensor.name(), along(values, direction, -step));
            double below = loss.applyAsDouble(weights);
            weights.put(tensor.name(), values);
            double scale = Math.sqrt(length) * (1e-3 + 0.02 * norm(gradient));
            assertThat((above - below) / (2 * step)).as(tensor.name()).isCloseTo(expected, within(scale));
        }
    }

    private static float[] along(float[] values, float[] direction, double step) {
        float[] moved = new float[values.length];
        for (int i = 0; i < moved.length; i++) {
            moved[i] = (float) (values[i] + step * direction[i]);
        }
        return moved;
    }

    private static double norm(float[] values) {
        double sum = 0;
        for (float value : values) {
            sum += (double) value * value;
        }
        return Math.sqrt(sum);
    }

    @Test
    void allBackendsDropTheSameValues() {
        Batch batch = Batch.of(SmallModel.sequences(4, 11, 5, 2, 9), SmallModel.CONFIG);
        Step step = new Step(batch, Targets.classes(0, 1, 2, 0), 1, new Dropout(0.3, 0.4, 5, 0));
        Map<String, Double> losses = new LinkedHashMap<>();
        for (String name : TestedBackends.names()) {
            Backend backend = Backends.open(name);
            try (Weights weights = SmallModel.weights(backend, SmallModel.values(1));
                    Gradients gradients = new Gradients(backend, TrainableTensors.all(SmallModel.LAYOUT));
                    Encoder encoder = new Encoder(backend, SmallModel.CONFIG)) {
                StepResult result =
                        encoder.backward(weights, SmallModel.head(2, 3), step, gradients, HeadGradients.none());
                losses.put(name, result.loss());
            }
        }
        Rounding rounding = Rounding.pass(SmallModel.CONFIG, 11, 4 * 11);
        double expected = losses.get(Backends.HOST);
        assertThat(losses.values())
                .allSatisfy(loss -> assertThat(loss).isCloseTo(expected, rounding.of(Math.max(1, expected))));
    }

    @Test
    void probabilitiesAreDroppedByAFunctionOfLayerExampleHeadAndQuery() {
        Dropout dropout = new Dropout(0, 0.25, 7, 0);
        float[] row = probabilities(dropout, 1, 2, 3, 4);
        assertThat(kept(row)).isCloseTo(0.75, within(0.02));
        assertThat(probabilities(dropout, 1, 2, 3, 4)).containsExactly(row);
        assertThat(probabilities(dropout.from(2), 1, 0, 3, 4)).containsExactly(row);
        assertThat(List.of(
                        probabilities(dropout, 0, 2, 3, 4),
                        probabilities(dropout, 1, 1, 3, 4),
                        probabilities(dropout, 1, 2, 2, 4),
                        probabilities(dropout, 1, 2, 3, 5),
                        probabilities(dropout.other(), 1, 2, 3, 4)))
                .allSatisfy(other -> assertThat(agreement(row, other, 0)).isCloseTo(0.625, within(0.03)));
        assertThat(dropout.probabilities(0).active()).isTrue();
        assertThat(new Dropout(0.5, 7, 0).probabilities(0).active()).isFalse();
    }

    private static float[] probabilities(Dropout dropout, int layer, int example, int head, int query) {
        float[] row = new float[5000];
        Arrays.fill(row, 1f);
        // In two parts, as a kernel that works in blocks of keys would ask for them.
        ProbabilityDropout ofLayer = dropout.probabilities(layer);
        ofLayer.scale(example, head, query, 0, row, 0, 1999);
        ofLayer.scale(example, head, query, 1999, row, 1999, row.length - 1999);
        return row;
    }

    @Test
    void everythingCannotBeDropped() {
        assertThatThrownBy(() -> new Dropout(0, 1, 0, 0)).hasMessage("attention dropout must lie in [0, 1): 1.0");
        assertThatThrownBy(() -> new Dropout(1, 0, 0)).hasMessage("dropout must lie in [0, 1): 1.0");
    }
}
