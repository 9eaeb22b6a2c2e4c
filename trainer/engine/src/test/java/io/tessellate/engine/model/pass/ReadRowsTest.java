package io.tessellate.engine.model.pass;

import static org.assertj.core.api.Assertions.assertThat;

import io.tessellate.engine.Rounding;
import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.backend.Backends;
import io.tessellate.engine.backend.Matrix;
import io.tessellate.engine.backend.TestedBackends;
import io.tessellate.engine.model.batch.Batch;
import io.tessellate.engine.model.batch.Dropout;
import io.tessellate.engine.model.config.ModelConfig;
import io.tessellate.engine.model.fixture.SmallFamilies;
import io.tessellate.engine.model.fixture.SmallModel;
import io.tessellate.engine.model.head.Features;
import io.tessellate.engine.model.head.Head;
import io.tessellate.engine.model.head.HeadGradients;
import io.tessellate.engine.model.head.OutputLoss;
import io.tessellate.engine.model.head.Step;
import io.tessellate.engine.model.head.StepResult;
import io.tessellate.engine.model.head.Targets;
import io.tessellate.engine.model.weights.Gradients;
import io.tessellate.engine.model.weights.ParameterLayout;
import io.tessellate.engine.model.weights.TrainableTensors;
import io.tessellate.engine.model.weights.Weights;
import io.tessellate.engine.precision.Precision;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A highest layer that is computed for the token that is read gives what it gives when it is computed for all. */
@Tag("numeric")
class ReadRowsTest {
    /** Of about one length, so that tokens are not packed, and of several, so that they are. */
    private static final int[][] LENGTHS = {{11, 10, 11, 9}, {11, 2, 1, 3, 2, 5, 1, 2}};

    private static final int LABELS = 3;

    private static final Dropout DROPOUT = new Dropout(0.3, 0.4, 5, 2);

    private static Head head(ModelConfig config) {
        return Head.initial(LABELS, Features.TOKEN.width(config.hidden()), new Random(2));
    }

    private static int[] classes(int count) {
        return IntStream.range(0, count).map(e -> e % LABELS).toArray();
    }

    /** The same loss, read from the vectors of all tokens. */
    private static OutputLoss whole(ModelConfig config, Head head, Step step) {
        int hidden = config.hidden();
        return (Matrix output, Matrix gradient) -> {
            Batch batch = step.batch();
            float[] all = new float[output.size()];
            output.get(all);
            float[] features = new float[batch.size() * hidden];
            for (int b = 0; b < batch.size(); b++) {
                System.arraycopy(all, row(config, batch, b) * hidden, features, b * hidden, hidden);
            }
            step.dropout().scale(features, hidden, Dropout.FEATURES);
            float[] slopes = new float[batch.size() * LABELS];
            double loss = step.targets().loss(head.logits(features), LABELS, step.scale(), slopes);
            float[] back = new float[features.length];
            float[] weight = head.weight();
            for (int b = 0; b < batch.size(); b++) {
                for (int c = 0; c < LABELS; c++) {
                    for (int h = 0; h < hidden; h++) {
                        back[b * hidden + h] += slopes[b * LABELS + c] * weight[c * hidden + h];
                    }
                }
            }
            step.dropout().scale(back, hidden, Dropout.FEATURES);
            Arrays.fill(all, 0f);
            for (int b = 0; b < batch.size(); b++) {
                System.arraycopy(back, b * hidden, all, row(config, batch, b) * hidden, hidden);
            }
            gradient.put(all);
            return loss;
        };
    }

    private static int row(ModelConfig config, Batch batch, int sequence) {
        return batch.row(sequence, config.causal() ? batch.length(sequence) - 1 : 0);
    }

    @ParameterizedTest
    @EnumSource
    void lossAndGradientsAreThoseOfAWholeLayer(SmallFamilies family) {
        ModelConfig config = family.config();
        TrainableTensors all = TrainableTensors.all(layout(config));
        for (String name : TestedBackends.names()) {
            Backend backend = Backends.open(name);
            compare(new Case(backend, config, KeptActivations.ALL, LENGTHS[0], Dropout.none()), all);
            compare(new Case(backend, config, KeptActivations.ALL, LENGTHS[1], DROPOUT), all);
            compare(new Case(backend, config, KeptActivations.LAYER_INPUTS, LENGTHS[1], DROPOUT), all);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"BERT", "DEBERTA", "MODERN_BERT", "GPT_NEOX", "GEMMA2"})
    void soTheyAreWhereTrainingStopsInTheHighestLayer(SmallFamilies family) {
        ModelConfig config = family.config();
        ParameterLayout layout = layout(config);
        int tensors = layout.tensors().size();
        Case here = new Case(Backends.open("host"), config, KeptActivations.ALL, LENGTHS[1], Dropout.none());
        // One tensor at a time: each ends the way down somewhere else.
        for (int t = tensors / 2; t < tensors; t++) {
            compare(
                    here,
                    TrainableTensors.of(layout, List.of(layout.tensors().get(t).name())));
        }
    }

    private static ParameterLayout layout(ModelConfig config) {
        return ParameterLayout.of(config);
    }

    private record Case(Backend backend, ModelConfig config, KeptActivations kept, int[] lengths, Dropout dropout) {
        @Override
        public String toString() {
            return "%s, %s, %s, %s".formatted(backend.name(), kept, Arrays.toString(lengths), dropout);
        }
    }

    private static void compare(Case here, TrainableTensors trainable) {
        ParameterLayout layout = layout(here.config);
        Batch batch = Batch.of(SmallModel.sequences(4, here.lengths), here.config);
        Rounding rounding =
                Rounding.pass(here.config, batch.length(), batch.rows().count());
        Head head = head(here.config);
        try (Weights weights = SmallModel.weights(here.backend, layout, SmallModel.values(layout, 3));
                Encoder encoder = new Encoder(here.backend, here.config, here.kept)) {
            Step step = new Step(batch, Targets.classes(classes(batch.size())), 1, here.dropout);
            OutputLoss whole = whole(here.config, head, step);
            List<float[]> found = new ArrayList<>();
            List<Double> losses = new ArrayList<>();
            for (boolean cut : new boolean[] {true, false}) {
                try (Gradients gradients = new Gradients(here.backend, trainable)) {
                    // Twice, so that memory is not new and gradients are added to.
                    for (int time = 0; time < 2; time++) {
                        StepResult result = cut
                                ? encoder.backward(weights, head, step, gradients, HeadGradients.none())
                                : encoder.backward(weights, batch, here.dropout, gradients, whole);
                        losses.add(result.loss());
                    }
                    found.add(gradients.vector().toArray(0, gradients.vector().size()));
                }
            }
            assertThat(losses.get(0)).as("%s", here).isEqualTo(losses.get(1));
            assertThat(losses.get(0)).as("%s", here).isCloseTo(losses.get(2), rounding.of(1));
            rounding.assertClose(found.get(0), found.get(1));
        }
    }

    @ParameterizedTest
    @EnumSource
    void logitsAreThoseOfAWholeLayer(SmallFamilies family) {
        ModelConfig config = family.config();
        ParameterLayout layout = layout(config);
        Head head = head(config);
        for (String name : TestedBackends.names()) {
            Backend backend = Backends.open(name);
            for (int[] lengths : LENGTHS) {
                Batch batch = Batch.of(SmallModel.sequences(4, lengths), config);
                try (Weights weights = SmallModel.weights(backend, layout, SmallModel.values(layout, 3));
                        Encoder encoder = new Encoder(backend, config)) {
                    float[] both = encoder.features(weights, batch);
                    float[] tokens = new float[batch.size() * config.hidden()];
                    for (int b = 0; b < batch.size(); b++) {
                        System.arraycopy(both, b * 2 * config.hidden(), tokens, b * config.hidden(), config.hidden());
                    }
                    Rounding.pass(config, batch.length(), batch.rows().count())
                            .assertClose(encoder.logits(weights, head, batch), head.logits(tokens));
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"BERT", "DEBERTA", "GPT_NEOX"})
    void inMixedPrecisionTheyAreAsCloseAsThatRounds(SmallFamilies family) {
        ModelConfig config = family.config();
        ParameterLayout layout = layout(config);
        Backend backend = Precision.MIXED.of(Backends.open("host"));
        Batch batch = Batch.of(SmallModel.sequences(4, LENGTHS[1]), config);
        Head head = head(config);
        Step step = new Step(batch, Targets.classes(classes(batch.size())));
        try (Weights weights = SmallModel.weights(backend, layout, SmallModel.values(layout, 3));
                Gradients some = new Gradients(backend, TrainableTensors.all(layout));
                Gradients all = new Gradients(backend, TrainableTensors.all(layout));
                Encoder encoder = new Encoder(backend, config)) {
            double loss = encoder.backward(weights, head, step, some, HeadGradients.none())
                    .loss();
            assertThat(loss)
                    .isCloseTo(
                            encoder.backward(weights, batch, all, whole(config, head, step))
                                    .loss(),
                            Rounding.single(1 << 16).of(1 << 8));
            assertThat(cosine(
                            some.vector().toArray(0, layout.size()),
                            all.vector().toArray(0, layout.size())))
                    .isGreaterThan(0.99);
        }
    }

    private static double cosine(float[] a, float[] b) {
        double ab = 0;
        double aa = 0;
        double bb = 0;
        for (int i = 0; i < a.length; i++) {
            ab += (double) a[i] * b[i];
            aa += (double) a[i] * a[i];
            bb += (double) b[i] * b[i];
        }
        return ab / Math.sqrt(aa * bb);
    }

    @ParameterizedTest
    @EnumSource
    void aPassOverOneTokensVectorTakesLessMemory(SmallFamilies family) {
        ModelConfig config = family.config();
        int[] lengths = {11, 11, 10, 11, 11, 10};
        assertThat(PassSizes.trainingFloats(config, KeptActivations.ALL, Features.TOKEN, lengths))
                .isLessThan(PassSizes.trainingFloats(config, KeptActivations.ALL, Features.TOKEN_AND_MEAN, lengths));
    }
}
