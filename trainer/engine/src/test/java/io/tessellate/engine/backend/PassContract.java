package io.tessellate.engine.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tessellate.engine.Rounding;
import io.tessellate.engine.model.batch.Batch;
import io.tessellate.engine.model.fixture.SmallModel;
import io.tessellate.engine.model.head.Head;
import io.tessellate.engine.model.head.HeadGradients;
import io.tessellate.engine.model.head.Step;
import io.tessellate.engine.model.head.StepResult;
import io.tessellate.engine.model.head.Targets;
import io.tessellate.engine.model.pass.Encoder;
import io.tessellate.engine.model.weights.Gradients;
import io.tessellate.engine.model.weights.TrainableTensors;
import io.tessellate.engine.model.weights.Weights;
import io.tessellate.engine.precision.Precision;
import org.junit.jupiter.api.Test;

/** A whole pass of an encoder: the backend {@code host} is the measure, which other tests hold against finite differences. */
interface PassContract extends KernelContract {
    @Test
    default void lossAndGradientsAgreeWithThoseOfTheHost() {
        Result expected = run(Backends.open(System.getProperty(TestedBackends.MEASURE, Backends.HOST)));
        Result actual = run(backend());
        Rounding rounding = Rounding.pass(SmallModel.CONFIG, 11, 4 * 11);
        assertThat(actual.loss()).isCloseTo(expected.loss(), rounding.of(Math.max(1, expected.loss())));
        rounding.assertClose(actual.gradient(), expected.gradient());
    }

    @Test
    default void thePassIsRepeatedBitForBit() {
        Result first = run(backend());
        Result second = run(backend());
        assertThat(second.loss()).isEqualTo(first.loss());
        assertThat(second.gradient()).isEqualTo(first.gradient());
    }

    @Test
    default void aPassInMixedPrecisionIsRepeatedBitForBitAndStaysNearSinglePrecision() {
        Backend mixed = Precision.MIXED.of(backend());
        Result first = run(mixed);
        Result second = run(mixed);
        assertThat(second.loss()).isEqualTo(first.loss());
        assertThat(second.gradient()).isEqualTo(first.gradient());
        Result exact = run(backend());
        assertThat(first.gradient()).isNotEqualTo(exact.gradient());
        assertThat(first.loss()).isCloseTo(exact.loss(), within(0.01 * exact.loss()));
        assertThat(cosine(first.gradient(), exact.gradient())).isGreaterThan(0.999);
    }

    private static double cosine(float[] a, float[] b) {
        double product = 0;
        double left = 0;
        double right = 0;
        for (int i = 0; i < a.length; i++) {
            product += (double) a[i] * b[i];
            left += (double) a[i] * a[i];
            right += (double) b[i] * b[i];
        }
        return product / Math.sqrt(left * right);
    }

    private static Result run(Backend backend) {
        Batch batch = SmallModel.batch(1, 11, 4, 9, 1);
        Head head = SmallModel.head(2, 3);
        try (Weights weights = SmallModel.weights(backend, SmallModel.values(1));
                Encoder encoder = new Encoder(backend, SmallModel.CONFIG);
                Gradients gradients = new Gradients(backend, TrainableTensors.all(SmallModel.LAYOUT))) {
            Step step = new Step(batch, Targets.classes(0, 1, 2, 0));
            StepResult result = encoder.backward(weights, head, step, gradients, HeadGradients.none());
            return new Result(result.loss(), gradients.vector().toArray(0, SmallModel.LAYOUT.size()));
        }
    }

    /** What a pass came to. */
    record Result(double loss, float[] gradient) {}
}
