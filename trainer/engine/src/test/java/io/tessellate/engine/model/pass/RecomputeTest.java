package io.tessellate.engine.model.pass;

import static org.assertj.core.api.Assertions.assertThat;

import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.backend.Backends;
import io.tessellate.engine.backend.TestedBackends;
import io.tessellate.engine.model.batch.Batch;
import io.tessellate.engine.model.batch.Dropout;
import io.tessellate.engine.model.config.Architecture;
import io.tessellate.engine.model.config.ModelConfig;
import io.tessellate.engine.model.fixture.SmallFamilies;
import io.tessellate.engine.model.fixture.SmallModel;
import io.tessellate.engine.model.head.HeadGradients;
import io.tessellate.engine.model.head.Step;
import io.tessellate.engine.model.head.Targets;
import io.tessellate.engine.model.weights.Gradients;
import io.tessellate.engine.model.weights.ParameterLayout;
import io.tessellate.engine.model.weights.TrainableTensors;
import io.tessellate.engine.model.weights.Weights;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Layers that are computed again give the gradients of layers that were kept, bit for bit. */
@Tag("numeric")
class RecomputeTest {
    private static final int LAYERS = 4;
    /** Of about one length, so that tokens are not packed, and of several, so that they are. */
    private static final int[][] LENGTHS = {{11, 10, 11, 9}, {11, 2, 1, 3, 2, 5, 1, 2}};

    private static ModelConfig deep(ModelConfig config) {
        Architecture.Attention attention = config.architecture().attention();
        List<Integer> windows = attention.windows().isEmpty()
                ? List.of()
                : IntStream.range(0, LAYERS)
                        .mapToObj(l ->
                                attention.windows().get(l % attention.windows().size()))
                        .toList();
        Architecture old = config.architecture();
        return new ModelConfig(
                config.modelType(),
                config.vocabulary(),
                config.hidden(),
                LAYERS,
                config.heads(),
                config.intermediate(),
                config.maxPositions(),
                config.tokenTypes(),
                config.normEpsilon(),
                config.padToken(),
                new Architecture(
                        old.normalisation(),
                        old.positions(),
                        new Architecture.Attention(
                                attention.keyValueHeads(),
                                attention.width(),
                                attention.scale(),
                                attention.softCap(),
                                attention.normed(),
                                attention.order(),
                                attention.causal(),
                                windows),
                        old.activation(),
                        old.biases(),
                        old.storage(),
                        old.output(),
                        old.vocabulary()));
    }

    @ParameterizedTest
    @EnumSource
    void gradientsAreThoseOfLayersThatAreKept(SmallFamilies family) {
        ModelConfig config = deep(family.config());
        for (String name : TestedBackends.names()) {
            Backend backend = Backends.open(name);
            for (Dropout dropout : List.of(Dropout.none(), new Dropout(0.3, 0.4, 5, 0))) {
                for (int[] lengths : LENGTHS) {
                    float[] kept = gradients(backend, config, KeptActivations.ALL, dropout, lengths);
                    assertThat(gradients(backend, config, KeptActivations.LAYER_INPUTS, dropout, lengths))
                            .as("%s, %s, %d sequences", name, dropout, lengths.length)
                            .isEqualTo(kept);
                    assertThat(kept).isNotEqualTo(new float[kept.length]);
                }
            }
        }
    }

    /** Twice with one encoder, whose memory then is not new. */
    private static float[] gradients(
            Backend backend, ModelConfig config, KeptActivations keep, Dropout dropout, int... lengths) {
        ParameterLayout layout = ParameterLayout.of(config);
        Batch batch = Batch.of(SmallModel.sequences(4, lengths), config);
        int[] classes = IntStream.range(0, lengths.length).map(e -> e % 3).toArray();
        Step step = new Step(batch, Targets.classes(classes), 1, dropout);
        try (Weights weights = SmallModel.weights(backend, layout, SmallModel.values(layout, 3));
                Gradients gradients = new Gradients(backend, TrainableTensors.all(layout));
                Encoder encoder = new Encoder(backend, config, keep)) {
            encoder.backward(weights, SmallModel.head(2, 3), step, gradients, HeadGradients.none());
            encoder.backward(weights, SmallModel.head(2, 3), step, gradients, HeadGradients.none());
            return gradients.vector().toArray(0, layout.size());
        }
    }

    @ParameterizedTest
    @EnumSource
    void aPassOverManyLayersNeedsTheMemoryOfOneAndTheirInputs(SmallFamilies family) {
        ModelConfig config = deep(family.config());
        Batch batch = Batch.of(SmallModel.sequences(4, 11, 11), config);
        PassShape shape = PassShape.of(batch, config, null);
        long all = new ActivationSizes(config, shape).training(KeptActivations.ALL);
        long inputs = new ActivationSizes(config, shape).training(KeptActivations.LAYER_INPUTS);
        assertThat(inputs).isLessThan(all * 2 / 3);
    }
}
