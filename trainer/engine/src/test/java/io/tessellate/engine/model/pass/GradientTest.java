package io.tessellate.engine.model.pass;

import static org.assertj.core.api.Assertions.assertThat;

import io.tessellate.engine.Rounding;
import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.backend.Backends;
import io.tessellate.engine.backend.TestedBackends;
import io.tessellate.engine.model.batch.Batch;
import io.tessellate.engine.model.batch.TokenSequence;
import io.tessellate.engine.model.fixture.ReferenceTransformer;
import io.tessellate.engine.model.fixture.SmallFamilies;
import io.tessellate.engine.model.fixture.SmallModel;
import io.tessellate.engine.model.head.ChoiceTargets;
import io.tessellate.engine.model.head.ClassTargets;
import io.tessellate.engine.model.head.Head;
import io.tessellate.engine.model.head.HeadGradients;
import io.tessellate.engine.model.head.SoftTargets;
import io.tessellate.engine.model.head.Step;
import io.tessellate.engine.model.head.StepResult;
import io.tessellate.engine.model.head.Targets;
import io.tessellate.engine.model.head.ValueTargets;
import io.tessellate.engine.model.weights.Gradients;
import io.tessellate.engine.model.weights.ParameterLayout;
import io.tessellate.engine.model.weights.ParameterTensor;
import io.tessellate.engine.model.weights.TrainableTensors;
import io.tessellate.engine.model.weights.Weights;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** All backends' gradients against central differences of the slow reference in double precision. */
@Tag("numeric")
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
        check(family, new Goal(even, SmallModel.head(2, 4), Targets.classes(3, 0, 1, 2, 3), 1));
        check(family, new Goal(uneven, SmallModel.head(2, 4), Targets.classes(3, 0, 1, 2, 3, 0, 0), 1));
    }

    @Test
    void everyTensorsGradientOfTheScaledSquaredErrorIsTheSlope() {
        Targets values = Targets.values(3.5f, 0f, -1f, 0.5f, 2f);
        check(SmallFamilies.BERT, new Goal(even, SmallModel.head(2, 1), values, 0.25));
    }

    /** Labels of a head, and choices of an example; each both right or wrong and taught by another's logits. */
    @ParameterizedTest
    @EnumSource(names = {"BERT", "LLAMA"})
    void everyTensorsGradientOfChoicesAndOfATeacherIsTheSlope(SmallFamilies family) {
        float[] teacher = {0.3f, -1, 2, 0, 1, 1, -0.5f, 0.2f, 0, 0, 3, -3, 1, 0.5f, 0};
        float[] taughtChoices = {0.3f, -1, 2, 0, 1};
        int[] sizes = {2, 3};
        check(family, new Goal(even, SmallModel.head(2, 3), Targets.soft(teacher, 3, 2), 1));
        check(family, new Goal(even, SmallModel.head(2, 1), Targets.choices(sizes, new int[] {1, 0}), 0.5));
        check(family, new Goal(even, SmallModel.head(2, 1), Targets.softChoices(taughtChoices, sizes, 2), 1));
    }

    private record Goal(List<TokenSequence> sequences, Head head, Targets targets, double scale) {}

    /** The slopes are the same for every backend, and slow. */
    private void check(SmallFamilies family, Goal goal) {
        Reference reference = new Reference(family, goal);
        TestedBackends.names().forEach(name -> check(family, Backends.open(name), goal, reference));
    }

    private void check(SmallFamilies family, Backend backend, Goal goal, Reference reference) {
        ParameterLayout layout = family.layout();
        Batch batch = Batch.of(goal.sequences(), family.config());
        assertThat(batch.rows().packed()).isEqualTo(goal.sequences().equals(uneven));
        try (Weights weights = SmallModel.weights(backend, layout, SmallModel.values(layout, 1));
                Gradients gradients = new Gradients(backend, TrainableTensors.all(layout));
                Encoder encoder = new Encoder(backend, family.config())) {
            HeadGradients headGradients = HeadGradients.of(goal.head());
            Step step = new Step(batch, goal.targets(), goal.scale());
            StepResult result = encoder.backward(weights, goal.head(), step, gradients, headGradients);
            double loss = reference.loss / goal.scale();
            assertThat(result.loss()).isCloseTo(loss, reference.rounding.of(Math.max(1, loss)));
            reference.slopes.forEach((name, slopes) -> reference.compare(name, gradients.get(name), slopes));
            reference.compare("head", headGradients.values(), reference.headSlopes);
        }
    }

    private static double[] widen(float[] floats) {
        double[] wide = new double[floats.length];
        for (int i = 0; i < wide.length; i++) {
            wide[i] = floats[i];
        }
        return wide;
    }

    /** The loss in double precision as a function of single weights, and its slope at some of each tensor, by their places. */
    private static final class Reference {
        private final ReferenceTransformer encoder;
        private final double[] weights;
        private final double[] head;
        private final Goal goal;
        private final Random random = new Random(5);
        private final Rounding rounding;
        private final double loss;
        private final Map<String, Map<Integer, Double>> slopes = new HashMap<>();
        private final Map<Integer, Double> headSlopes;

        Reference(SmallFamilies family, Goal goal) {
            ParameterLayout layout = family.layout();
            this.weights = SmallModel.wide(layout, 1);
            this.encoder = new ReferenceTransformer(family.config(), layout, weights);
            this.head = widen(goal.head().values());
            this.goal = goal;
            int tokens = goal.sequences().stream()
                    .mapToInt(sequence -> sequence.ids().length)
                    .sum();
            this.rounding = Rounding.pass(family.config(), 11, tokens);
            this.loss = loss();
            for (ParameterTensor tensor : layout.tensors()) {
                slopes.put(tensor.name(), slopes(weights, (int) tensor.offset(), tensor.size(), SAMPLES));
            }
            this.headSlopes = slopes(head, 0, head.length, 4 * SAMPLES);
        }

        private Map<Integer, Double> slopes(double[] all, int offset, int size, int count) {
            Map<Integer, Double> some = new HashMap<>();
            for (int n = 0; n < count; n++) {
                int i = random.nextInt(size);
                some.put(i, slope(all, offset + i));
            }
            return some;
        }

        void compare(String name, float[] actual, Map<Integer, Double> expected) {
            // Terms that cancel, as in the gradient of a key's bias, are about 1.
            double largest = Math.max(1, Rounding.largest(actual));
            expected.forEach((i, slope) ->
                    assertThat((double) actual[i]).as("%s[%d]", name, i).isCloseTo(slope, rounding.of(largest)));
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

        /** The mean over the examples, each of which has one sequence or as many as it has choices. */
        double loss() {
            List<double[]> rows = goal.sequences().stream()
                    .map(sequence -> logits(encoder.features(sequence.ids(), sequence.types())))
                    .toList();
            int[] sizes = sizes();
            double sum = 0;
            int next = 0;
            for (int e = 0; e < sizes.length; e++) {
                double[] own = rows.subList(next, next + sizes[e]).stream()
                        .flatMapToDouble(DoubleStream::of)
                        .toArray();
                sum += loss(own, e);
                next += sizes[e];
            }
            return goal.scale() * sum / sizes.length;
        }

        private int[] sizes() {
            if (goal.targets() instanceof ChoiceTargets choices) {
                return choices.sizes();
            }
            if (goal.targets() instanceof SoftTargets soft && soft.labels() == 1) {
                return soft.groups();
            }
            return IntStream.generate(() -> 1).limit(goal.sequences().size()).toArray();
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
            Targets targets = goal.targets();
            if (targets instanceof ValueTargets real) {
                return Math.pow(logits[0] - real.values()[example], 2);
            }
            if (targets instanceof SoftTargets soft) {
                return divergence(logits, soft, example);
            }
            int right = targets instanceof ChoiceTargets choices
                    ? choices.right()[example]
                    : ((ClassTargets) targets).classes()[example];
            return logSum(logits, 1) - logits[right];
        }

        /** T^2 KL(q || p) with q and p softened by T. */
        private static double divergence(double[] logits, SoftTargets soft, int example) {
            double t = soft.temperature();
            int from = IntStream.of(soft.groups()).limit(example).sum();
            double[] teacher = Arrays.copyOfRange(widen(soft.teacher()), from, from + logits.length);
            double sum = 0;
            for (int c = 0; c < logits.length; c++) {
                double q = teacher[c] / t - logSum(teacher, t);
                double p = logits[c] / t - logSum(logits, t);
                sum += t * t * Math.exp(q) * (q - p);
            }
            return sum;
        }

        private static double logSum(double[] logits, double temperature) {
            return Math.log(DoubleStream.of(logits)
                    .map(logit -> Math.exp(logit / temperature))
                    .sum());
        }
    }
}
