package io.tessellate.engine.model.pass;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tessellate.engine.Rounding;
import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.backend.Backends;
import io.tessellate.engine.model.batch.Batch;
import io.tessellate.engine.model.batch.TokenSequence;
import io.tessellate.engine.model.fixture.SmallModel;
import io.tessellate.engine.model.head.Features;
import io.tessellate.engine.model.head.Head;
import io.tessellate.engine.model.head.HeadGradients;
import io.tessellate.engine.model.head.Pooling;
import io.tessellate.engine.model.head.Step;
import io.tessellate.engine.model.head.StepResult;
import io.tessellate.engine.model.head.Targets;
import io.tessellate.engine.model.weights.Gradients;
import io.tessellate.engine.model.weights.ParameterTensor;
import io.tessellate.engine.model.weights.TrainableTensors;
import io.tessellate.engine.model.weights.Weights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("numeric")
@Tag("kernel")
@ParameterizedClass
@MethodSource("io.tessellate.engine.backend.TestedBackends#names")
class EncoderTest {
    private static final Batch EVEN = SmallModel.batch(1, 11, 4, 9);
    private static final Batch PACKED = SmallModel.batch(2, 11, 1, 2, 1, 3, 5, 2);

    private final Backend backend;
    private final Weights weights;
    private final Encoder encoder;
    private final Head head = SmallModel.head(4, 3);

    EncoderTest(String name) {
        this.backend = Backends.open(name);
        this.weights = SmallModel.weights(backend, SmallModel.values(1));
        this.encoder = new Encoder(backend, SmallModel.CONFIG);
    }

    @AfterEach
    void closingFreesEveryByte() {
        encoder.close();
        weights.close();
        assertThat(backend.memory().allocatedBytes()).isZero();
    }

    private Gradients allGradients() {
        return new Gradients(backend, TrainableTensors.all(SmallModel.LAYOUT));
    }

    private static Rounding rounding() {
        return Rounding.pass(SmallModel.CONFIG, 11, 7 * 11);
    }

    private static Step step(Batch batch) {
        return new Step(batch, Targets.classes(new int[batch.size()]));
    }

    private float[] gradientOf(Encoder on, Batch batch) {
        try (Gradients gradients = allGradients()) {
            HeadGradients headGradients = HeadGradients.of(head);
            on.backward(weights, head, step(batch), gradients, headGradients);
            return gradients.vector().toArray(0, SmallModel.LAYOUT.size());
        }
    }

    private static void assertSameBits(float[] actual, float[] expected) {
        for (ParameterTensor tensor : SmallModel.LAYOUT.tensors()) {
            int from = (int) tensor.offset();
            int to = (int) tensor.end();
            int at = Arrays.mismatch(actual, from, to, expected, from, to);
            assertThat(at)
                    .as(() ->
                            "%s[%d] is %s, not %s".formatted(tensor.name(), at, actual[from + at], expected[from + at]))
                    .isEqualTo(-1);
        }
    }

    @Test
    void theSameBatchGivesTheSameBitsWhateverRanBefore() {
        float[] logits = encoder.logits(weights, head, EVEN);
        float[] gradient = gradientOf(encoder, EVEN);
        assertThat(PACKED.rows().packed()).isTrue();
        try (Encoder fresh = new Encoder(backend, SmallModel.CONFIG)) {
            float[] packedFirst = fresh.logits(weights, head, PACKED);
            float[] packedGradient = gradientOf(fresh, PACKED);
            assertThat(fresh.logits(weights, head, EVEN)).isEqualTo(logits);
            assertSameBits(gradientOf(fresh, EVEN), gradient);
            assertThat(fresh.logits(weights, head, PACKED)).isEqualTo(packedFirst);
            assertThat(encoder.logits(weights, head, PACKED)).isEqualTo(packedFirst);
            assertSameBits(gradientOf(encoder, PACKED), packedGradient);
        }
    }

    @Test
    void aDivergedPassLeavesNothingBehind() {
        float[] expected = gradientOf(encoder, EVEN);
        try (Weights broken = weights.copy()) {
            broken.vector().fill(0, (int) broken.vector().size(), Float.NaN);
            try (Gradients gradients = allGradients()) {
                StepResult result = encoder.backward(broken, head, step(EVEN), gradients, HeadGradients.of(head));
                assertThat(result.loss()).isNaN();
            }
        }
        assertSameBits(gradientOf(encoder, EVEN), expected);
    }

    @Test
    void anExamplesLogitsHardlyDependOnItsNeighbours() {
        List<TokenSequence> sequences = SmallModel.sequences(1, 11, 4, 9, 1, 1, 2);
        float[] together = encoder.logits(weights, head, Batch.of(sequences, SmallModel.CONFIG));
        for (int e = 0; e < sequences.size(); e++) {
            float[] alone = encoder.logits(weights, head, Batch.of(sequences.subList(e, e + 1), SmallModel.CONFIG));
            for (int c = 0; c < head.labels(); c++) {
                assertThat((double) together[e * head.labels() + c])
                        .isCloseTo(alone[c], rounding().of(Rounding.largest(alone)));
            }
        }
    }

    @Test
    void trainingAndEvaluationSeeTheSameForwardPass() {
        float[] features = encoder.features(weights, EVEN);
        float[][] seen = new float[1][];
        try (Gradients gradients = allGradients()) {
            encoder.backward(weights, EVEN, gradients, (hidden, gradient) -> {
                seen[0] = Pooling.of(EVEN, SmallModel.CONFIG, Features.TOKEN_AND_MEAN)
                        .features(hidden);
                gradient.clear();
                return 0;
            });
            assertThat(gradients.vector().toArray(0, SmallModel.LAYOUT.size())).containsOnly(0f);
        }
        assertThat(seen[0]).isEqualTo(features);
    }

    @Test
    void gradientsAddUpAndScale() {
        float[] once = gradientOf(encoder, EVEN);
        try (Gradients gradients = allGradients()) {
            Step half = new Step(EVEN, Targets.classes(0, 0, 0), 0.5);
            encoder.backward(weights, head, half, gradients, HeadGradients.none());
            encoder.backward(weights, head, half, gradients, HeadGradients.none());
            float[] sum = gradients.vector().toArray(0, once.length);
            rounding().assertClose(sum, once);
            gradients.zero();
            assertThat(gradients.vector().toArray(0, once.length)).containsOnly(0f);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "embeddings.word_embeddings.weight",
                "embeddings.LayerNorm.bias",
                "encoder.layer.0.attention.self.key.weight",
                "encoder.layer.0.attention.self.value.bias",
                "encoder.layer.0.attention.output.dense.weight",
                "encoder.layer.0.attention.output.LayerNorm.weight",
                "encoder.layer.0.intermediate.dense.weight",
                "encoder.layer.1.attention.self.query.weight",
                "encoder.layer.1.intermediate.dense.bias",
                "encoder.layer.1.output.dense.weight",
                "encoder.layer.1.output.LayerNorm.weight"
            })
    void aTensorTrainedAloneGetsTheGradientItGetsWithAllOthers(String rest) {
        String tensor = "bert." + rest;
        try (Gradients alone = new Gradients(backend, TrainableTensors.of(SmallModel.LAYOUT, List.of(tensor)));
                Gradients all = allGradients()) {
            encoder.backward(weights, head, step(EVEN), alone, HeadGradients.none());
            encoder.backward(weights, head, step(EVEN), all, HeadGradients.none());
            assertThat(alone.get(tensor)).isEqualTo(all.get(tensor));
            if (!rest.startsWith("embeddings.word")) {
                assertThat(alone.get("bert.embeddings.word_embeddings.weight")).containsOnly(0f);
            }
        }
    }

    @Test
    void withNothingTrainableOnlyTheHeadLearns() {
        HeadGradients headGradients = HeadGradients.of(head);
        try (Gradients none = new Gradients(backend, TrainableTensors.of(SmallModel.LAYOUT, List.of()))) {
            encoder.backward(weights, head, step(EVEN), none, headGradients);
            assertThat(none.vector().toArray(0, SmallModel.LAYOUT.size())).containsOnly(0f);
        }
        assertThat(headGradients.values()).isNotEqualTo(new float[headGradients.values().length]);
    }

    @Test
    void memoryGrowsToTheLargestBatchAndNoFurther() {
        gradientOf(encoder, PACKED);
        gradientOf(encoder, EVEN);
        long bytes = backend.memory().allocatedBytes();
        for (int i = 0; i < 20; i++) {
            encoder.logits(weights, head, i % 2 == 0 ? PACKED : EVEN);
            gradientOf(encoder, i % 3 == 0 ? PACKED : EVEN);
            assertThat(backend.memory().allocatedBytes()).isEqualTo(bytes);
        }
    }

    @Test
    void aClosedEncoderRefusesWork() {
        encoder.close();
        assertThatThrownBy(() -> encoder.logits(weights, head, EVEN)).hasMessageContaining("closed");
    }

    @Test
    void aTrainerAndAnEvaluatorShareTheProcess() throws Exception {
        float[] logits = encoder.logits(weights, head, EVEN);
        float[] gradient = gradientOf(encoder, EVEN);
        ExecutorService threads = Executors.newFixedThreadPool(3);
        try {
            List<Future<?>> running = new ArrayList<>();
            for (int t = 0; t < 3; t++) {
                boolean trains = t == 0;
                running.add(threads.submit(() -> {
                    Map<String, float[]> values = SmallModel.values(1);
                    try (Weights own = SmallModel.weights(backend, values);
                            Encoder mine = new Encoder(backend, SmallModel.CONFIG)) {
                        for (int i = 0; i < 40; i++) {
                            if (trains) {
                                assertSameBits(gradientOf(mine, EVEN), gradient);
                            } else {
                                assertThat(mine.logits(own, head, EVEN)).isEqualTo(logits);
                            }
                        }
                    }
                }));
            }
            for (Future<?> one : running) {
                one.get();
            }
        } finally {
            threads.shutdown();
        }
    }
}
