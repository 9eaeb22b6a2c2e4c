package io.tessellate.engine.model.pass;

import static org.assertj.core.api.Assertions.assertThat;

import io.tessellate.engine.Rounding;
import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.backend.Backends;
import io.tessellate.engine.model.batch.Batch;
import io.tessellate.engine.model.batch.Dropout;
import io.tessellate.engine.model.batch.TokenSequence;
import io.tessellate.engine.model.config.ModelConfig;
import io.tessellate.engine.model.fixture.ReferenceTransformer;
import io.tessellate.engine.model.fixture.SmallFamilies;
import io.tessellate.engine.model.fixture.SmallModel;
import io.tessellate.engine.model.head.Head;
import io.tessellate.engine.model.head.HeadGradients;
import io.tessellate.engine.model.head.Step;
import io.tessellate.engine.model.head.Targets;
import io.tessellate.engine.model.weights.Gradients;
import io.tessellate.engine.model.weights.ParameterLayout;
import io.tessellate.engine.model.weights.ParameterTensor;
import io.tessellate.engine.model.weights.TrainableTensors;
import io.tessellate.engine.model.weights.Weights;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Relative places, whose vectors all layers share, with everything around them. */
@Tag("numeric")
@Tag("kernel")
@ParameterizedClass
@MethodSource("io.tessellate.engine.backend.TestedBackends#names")
class DisentangledAttentionTest {
    private static final ModelConfig CONFIG = SmallFamilies.DEBERTA.config();
    private static final ParameterLayout LAYOUT = SmallFamilies.DEBERTA.layout();
    private static final Dropout DROPOUT = new Dropout(0.3, 0.4, 5, 0);

    private final Backend backend;
    private final Weights weights;
    private final Encoder encoder;
    private final Head head = SmallModel.head(2, 3);

    DisentangledAttentionTest(String name) {
        this.backend = Backends.open(name);
        this.weights = SmallModel.weights(backend, LAYOUT, SmallModel.values(LAYOUT, 1));
        this.encoder = new Encoder(backend, CONFIG);
    }

    @AfterEach
    void closingFreesEveryByte() {
        encoder.close();
        weights.close();
        assertThat(backend.memory().allocatedBytes()).isZero();
    }

    private static Rounding rounding() {
        return Rounding.pass(CONFIG, 11, 7 * 11);
    }

    @Test
    void evaluationGivesTheFeaturesOfTheSlowTransformerHoweverLongTheBatchBeforeWas() {
        ReferenceTransformer slow = new ReferenceTransformer(
                CONFIG, LAYOUT, Rounding.widened(weights.vector().toArray(0, LAYOUT.size())));
        for (List<TokenSequence> sequences : List.of(
                SmallModel.sequences(1, 11, 9),
                SmallModel.sequences(2, 1),
                SmallModel.sequences(3, 2, 11, 1, 3, 1, 4))) {
            float[] features = encoder.features(weights, Batch.of(sequences, CONFIG));
            double[] expected = sequences.stream()
                    .map(sequence -> slow.features(sequence.ids(), sequence.types()))
                    .flatMapToDouble(Arrays::stream)
                    .toArray();
            rounding().assertClose(features, expected);
        }
    }

    private Gradients gradients(TrainableTensors trainable, Step... steps) {
        Gradients gradients = new Gradients(backend, trainable);
        for (Step step : steps) {
            encoder.backward(weights, head, step, gradients, HeadGradients.none());
        }
        return gradients;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "deberta.encoder.rel_embeddings.weight",
                "deberta.encoder.LayerNorm.bias",
                "deberta.encoder.layer.0.attention.self.query_proj.bias",
                "deberta.encoder.layer.1.attention.self.key_proj.weight",
                "deberta.embeddings.word_embeddings.weight"
            })
    void aTensorTrainedAloneGetsTheGradientItGetsWithAllOthers(String name) {
        Step step = new Step(
                Batch.of(SmallModel.sequences(2, 11, 1, 2, 1, 3), CONFIG), Targets.classes(0, 1, 2, 0, 1), 1, DROPOUT);
        try (Gradients alone = gradients(TrainableTensors.of(LAYOUT, List.of(name)), step);
                Gradients all = gradients(TrainableTensors.all(LAYOUT), step)) {
            assertThat(alone.get(name)).isEqualTo(all.get(name));
            assertThat(Rounding.largest(alone.get(name))).isPositive();
        }
    }

    @Test
    void aStepInPartsDropsTheSameOfThePlacesAsAWhole() {
        List<TokenSequence> sequences = SmallModel.sequences(4, 11, 9, 10, 8);
        Step whole = new Step(Batch.of(sequences, CONFIG), Targets.classes(0, 1, 2, 0), 1, DROPOUT);
        Step first = new Step(Batch.of(sequences.subList(0, 2), CONFIG), Targets.classes(0, 1), 0.5, DROPOUT);
        Step second = new Step(Batch.of(sequences.subList(2, 4), CONFIG), Targets.classes(2, 0), 0.5, DROPOUT.from(2));
        try (Gradients atOnce = gradients(TrainableTensors.all(LAYOUT), whole);
                Gradients inParts = gradients(TrainableTensors.all(LAYOUT), first, second)) {
            for (ParameterTensor tensor : LAYOUT.tensors()) {
                rounding().assertClose(inParts.get(tensor.name()), atOnce.get(tensor.name()));
            }
        }
    }
}
