package io.tessellate.engine.model.pass;

import static org.assertj.core.api.Assertions.assertThat;

import io.tessellate.engine.Rounding;
import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.backend.Backends;
import io.tessellate.engine.model.batch.Batch;
import io.tessellate.engine.model.fixture.SmallModel;
import io.tessellate.engine.model.head.Head;
import io.tessellate.engine.model.head.HeadGradients;
import io.tessellate.engine.model.head.Step;
import io.tessellate.engine.model.head.StepResult;
import io.tessellate.engine.model.head.Targets;
import io.tessellate.engine.model.weights.Gradients;
import io.tessellate.engine.model.weights.TrainableTensors;
import io.tessellate.engine.model.weights.Weights;
import io.tessellate.error.TessellateException;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The host backend against ND4J's own operations, which is the path another accelerator takes. */
@Tag("numeric")
class BackendAgreementTest {
    private static final Batch BATCH = SmallModel.batch(1, 11, 4, 9, 1);

    @Test
    void lossAndGradientsAgree() {
        Result host = run(Backends.HOST);
        Result nd4j = run(Backends.ND4J);
        Rounding rounding = Rounding.pass(SmallModel.CONFIG, 11, 4 * 11);
        assertThat(host.loss()).isCloseTo(nd4j.loss(), rounding.of(Math.max(1, nd4j.loss())));
        rounding.assertClose(host.gradient(), nd4j.gradient());
    }

    @Test
    void anUnknownBackendIsRefusedAndTheKnownOnesNamed() {
        Assertions.assertThatThrownBy(() -> Backends.open("tpu"))
                .isInstanceOf(TessellateException.class)
                .hasMessageContaining("'tpu'")
                .hasMessageContaining("[host, nd4j, nd4j-or-cpu]");
    }

    private static Result run(String name) {
        Backend backend = Backends.open(name);
        Head head = SmallModel.head(2, 3);
        try (Weights weights = SmallModel.weights(backend, SmallModel.values(1));
                Encoder encoder = new Encoder(backend, SmallModel.CONFIG);
                Gradients gradients = new Gradients(backend, TrainableTensors.all(SmallModel.LAYOUT))) {
            Step step = new Step(BATCH, Targets.classes(0, 1, 2, 0));
            StepResult result = encoder.backward(weights, head, step, gradients, HeadGradients.none());
            return new Result(result.loss(), gradients.vector().toArray(0, SmallModel.LAYOUT.size()));
        }
    }

    private record Result(double loss, float[] gradient) {}
}
