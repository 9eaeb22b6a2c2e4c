package io.tessellate.engine.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.tessellate.engine.Rounding;
import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.backend.Backends;
import io.tessellate.engine.model.batch.Batch;
import io.tessellate.engine.model.head.Head;
import io.tessellate.engine.model.head.HeadGradients;
import io.tessellate.engine.model.head.Step;
import io.tessellate.engine.model.pass.Encoder;
import io.tessellate.engine.model.weights.Gradients;
import io.tessellate.engine.model.weights.ParameterLayout;
import io.tessellate.engine.model.weights.Weights;
import io.tessellate.engine.train.entries.TrainedEntries;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A step that keeps only the owned entries' gradients finds the same as one that keeps all. */
@Tag("numeric")
class MaskedStepTest {
    private final Backend backend = Backends.open(Backends.HOST);
    private final BenchShape shape = BenchSize.MINI.shape();
    private final ParameterLayout layout = ParameterLayout.of(shape.config());
    private final Step step = BenchModel.step(shape, 2);
    private Weights weights;

    @BeforeEach
    void drawWeights() {
        weights = BenchModel.weights(backend, layout, 2);
    }

    @AfterEach
    void freeWeights() {
        weights.close();
        assertThat(backend.memory().allocatedBytes()).isZero();
    }

    @ParameterizedTest
    @EnumSource(names = {"LOTA", "EXPANDER"})
    void ownedGradientsAreThoseOfTheDensePass(BenchWorkload workload) {
        TrainedEntries entries = TrainedEntries.of(workload.plan(layout, 3), layout);
        float[] owned;
        float[] again;
        float[] dense;
        try (Encoder encoder = new Encoder(backend, shape.config());
                Gradients kept = entries.gradients(backend);
                Gradients all = new Gradients(backend, entries.tensors())) {
            backward(encoder, all);
            dense = entries.read(all.vector()).toArray();
            backward(encoder, kept);
            owned = entries.read(kept.vector()).toArray();
            kept.zero();
            backward(encoder, kept);
            again = entries.read(kept.vector()).toArray();
        }
        assertThat(again).isEqualTo(owned);
        assertThat(Rounding.largest(dense)).isPositive();
        Batch batch = step.batch();
        Rounding.pass(shape.config(), batch.length(), batch.size() * batch.length())
                .assertClose(owned, dense);
    }

    private void backward(Encoder encoder, Gradients gradients) {
        Head head = Head.initial(2, Encoder.features(shape.config()), new Random(1));
        encoder.backward(weights, head, step, gradients, HeadGradients.of(head));
    }
}
