package io.tessellate.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.backend.Backends;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Both backends' gradients against central differences of the slow reference in double precision. */
class GradientTest {
    private static final double STEP = 1e-5;
    private static final int SAMPLES = 6;

    /** Little padding, so that tokens are not packed. */
    private final List<TokenSequence> even = SmallModel.sequences(3, 11, 5, 1, 8, 9);
    /** Much padding, so that they are. */
    private final List<TokenSequence> uneven = SmallModel.sequences(4, 2, 11, 5, 1, 3, 4, 2);

    @ParameterizedTest
    @EnumSource
    void everyTensorsGradientOfTheCrossEntropyIsTheSlope(SmallFamilies family) {
        for (String backend : List.of(Backends.HOST, Backends.ND4J)) {
            check(family, backend, new Goal(even, SmallModel.head(2, 4), Targets.classes(3, 0, 1, 2, 3), 1));
            check(family, backend, new Goal(uneven, SmallModel.head(2, 4), Targets.classes(3, 0, 1, 2, 3, 0, 0), 1));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {Backends.HOST, Backends.ND4J})
    void everyTensorsGradientOfTheScaledSquaredErrorIsTheSlope(String backend) {
        check(
                SmallFamilies.BERT,
                backend,
                new Goal(even, SmallModel.head(2, 1), Targets.values(3.5f, 0f, -1f, 0.5f, 2f), 0.25));
    }

    private record Goal(List<TokenSequence> sequences, Head head, Targets targets, double scale) {}

    private void check(SmallFamilies family, String backendName, Goal goal) {
        Backend backend = Backends.open(backendName);
        ParameterLayout layout = family.layout();
        Batch batch = Batch.of(goal.sequences(), family.config());
        assertThat(batch.rows().packed()).isEqualTo(goal.sequences().equals(uneven));
        try (Weights weights = SmallModel.weights(backend, layout, SmallModel.values(layout, 1));
                Gradients gradients = new Gradients(backend, TrainableTensors.all(layout));
                Encoder encoder = new Encoder(backend, family.config())) {
            HeadGradients headGradients = HeadGradients.of(goal.head());
            Step step = new Step(batch, goal.targets(), goal.scale());
            StepResult result = encoder.backward(weights, goal.head(), step, gradients, headGradients);
            Reference reference =
                    new Reference(family, goal, widen(weights.vector().toArray(0, layout.size())));
            assertThat(result.loss()).isCloseTo(reference.loss() / goal.scale(), within(1e-5));
            layout.tensors().forEach(tensor -> reference.compare(tensor, gradients));
            reference.compareHead(headGradients.values());
        }
    }

    private static double[] widen(float[] floats) {
        double[] wide = new double[floats.length];
        for (int i = 0; i < wide.length; i++) {
            wide[i] = floats[i];
        }
        return wide;
    }

    /** The loss in double precision as a function of single weights. */
    private static final class Reference {
        private final ReferenceTransformer encoder;
        private final double[] weights;
        private final double[] head;
        private final Goal goal;
        private final Random random = new Random(5);

        Reference(SmallFamilies family, Goal goal, double[] weights) {
            this.encoder = new ReferenceTransformer(family.config(), family.layout(), weights);
            this.weights = weights;
            this.head = widen(goal.head().values());
            this.goal = goal;
        }

        void compare(ParameterTensor tensor, Gradients gradients) {
            float[] actual = gradients.get(tensor.name());
            double largest = 1e-2;
            for (float g : actual) {
                largest = Math.max(largest, Math.abs(g));
            }
            for (int n = 0; n < SAMPLES; n++) {
                int i = random.nextInt(actual.length);
                assertThat((double) actual[i])
                        .as("%s[%d]", tensor.name(), i)
                        .isCloseTo(slope(weights, tensor.offset() + i), within(2e-5 * Math.max(1, largest)));
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
            for (int e = 0; e < goal.sequences().size(); e++) {
                double[] x = encoder.features(
                        goal.sequences().get(e).ids(), goal.sequences().get(e).types());
                sum += loss(logits(x), e);
            }
            return goal.scale() * sum / goal.sequences().size();
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
            if (goal.targets() instanceof ValueTargets real) {
                return Math.pow(logits[0] - real.values()[example], 2);
            }
            double sum = 0;
            for (double logit : logits) {
                sum += Math.exp(logit);
            }
            return Math.log(sum) - logits[((ClassTargets) goal.targets()).classes()[example]];
        }
    }
}
