package io.tessellate.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.backend.Backends;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Both backends' gradients against central differences of the slow reference in double precision. */
class GradientTest {
    private static final double STEP = 1e-5;
    private static final int SAMPLES = 8;

    private final List<TokenSequence> sequences = SmallModel.sequences(3, 11, 5, 1, 8, 9);
    private final Map<String, float[]> values = SmallModel.values(1);

    @ParameterizedTest
    @ValueSource(strings = {Backends.HOST, Backends.ND4J})
    void everyTensorsGradientOfTheCrossEntropyIsTheSlope(String backend) {
        check(backend, SmallModel.head(2, 4), Targets.classes(3, 0, 1, 2, 3), 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {Backends.HOST, Backends.ND4J})
    void everyTensorsGradientOfTheScaledSquaredErrorIsTheSlope(String backend) {
        check(backend, SmallModel.head(2, 1), Targets.values(3.5f, 0f, -1f, 0.5f, 2f), 0.25);
    }

    private void check(String backendName, Head head, Targets targets, double scale) {
        Backend backend = Backends.open(backendName);
        Batch batch = Batch.of(sequences, SmallModel.CONFIG);
        try (Weights weights = SmallModel.weights(backend, values);
                Gradients gradients = new Gradients(backend, TrainableTensors.all(SmallModel.LAYOUT));
                Encoder encoder = new Encoder(backend, SmallModel.CONFIG)) {
            HeadGradients headGradients = HeadGradients.of(head);
            StepResult result =
                    encoder.backward(weights, head, new Step(batch, targets, scale), gradients, headGradients);
            Reference reference = new Reference(head, targets, scale);
            assertThat(result.loss()).isCloseTo(reference.loss() / scale, within(1e-5));
            SmallModel.LAYOUT.tensors().forEach(tensor -> reference.compare(tensor.name(), gradients));
            reference.compareHead(headGradients.values());
        }
    }

    /** The loss in double precision as a function of single weights. */
    private final class Reference {
        private final Map<String, double[]> doubles = new HashMap<>();
        private final ReferenceEncoder encoder = new ReferenceEncoder(SmallModel.CONFIG, BertNames.CURRENT, doubles);
        private final double[] head;
        private final Targets targets;
        private final double scale;
        private final Random random = new Random(5);

        Reference(Head head, Targets targets, double scale) {
            this.head = widen(head.values());
            this.targets = targets;
            this.scale = scale;
            values.forEach((name, floats) -> doubles.put(name, widen(floats)));
        }

        void compare(String tensor, Gradients gradients) {
            float[] actual = gradients.get(tensor);
            double[] weight = doubles.get(tensor);
            double largest = 1e-2;
            for (float g : actual) {
                largest = Math.max(largest, Math.abs(g));
            }
            for (int n = 0; n < SAMPLES; n++) {
                int i = random.nextInt(weight.length);
                assertThat((double) actual[i])
                        .as("%s[%d]", tensor, i)
                        .isCloseTo(slope(weight, i), within(2e-5 * Math.max(1, largest)));
            }
        }

        void compareHead(float[] actual) {
            for (int n = 0; n < 4 * SAMPLES; n++) {
                int i = random.nextInt(actual.length);
                assertThat((double) actual[i]).as("head[%d]", i).isCloseTo(slope(head, i), within(2e-5));
            }
        }

        private double slope(double[] weight, int i) {
            double value = weight[i];
            weight[i] = value + STEP;
            double above = loss();
            weight[i] = value - STEP;
            double below = loss();
            weight[i] = value;
            return (above - below) / (2 * STEP);
        }

        double loss() {
            double sum = 0;
            for (int e = 0; e < sequences.size(); e++) {
                double[] x = encoder.features(
                        sequences.get(e).ids(), sequences.get(e).types());
                sum += loss(logits(x), e);
            }
            return scale * sum / sequences.size();
        }

        private double[] logits(double[] x) {
            int labels = head.length / (x.length + 1);
            double[] logits = new double[labels];
            for (int c = 0; c < labels; c++) {
                logits[c] = head[labels * x.length + c];
                for (int f = 0; f < x.length; f++) {
                    logits[c] += head[c * x.length + f] * x[f];
                }
            }
            return logits;
        }

        private double loss(double[] logits, int example) {
            if (targets instanceof ValueTargets real) {
                return Math.pow(logits[0] - real.values()[example], 2);
            }
            double sum = 0;
            for (double logit : logits) {
                sum += Math.exp(logit);
            }
            return Math.log(sum) - logits[((ClassTargets) targets).classes()[example]];
        }

        private static double[] widen(float[] floats) {
            double[] wide = new double[floats.length];
            for (int i = 0; i < wide.length; i++) {
                wide[i] = floats[i];
            }
            return wide;
        }
    }
}
