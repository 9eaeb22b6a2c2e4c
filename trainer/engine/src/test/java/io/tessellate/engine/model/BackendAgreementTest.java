package io.tessellate.engine.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.backend.Backends;
import io.tessellate.error.TessellateException;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

/** The host backend against ND4J's own operations, which is the path another accelerator takes. */
class BackendAgreementTest {
    private static final Batch BATCH = SmallModel.batch(1, 11, 4, 9, 1);

    @Test
    void lossAndGradientsAgree() {
        Result host = run(Backends.HOST);
        Result nd4j = run(Backends.ND4J);
        assertThat(Math.abs(host.loss() - nd4j.loss())).isLessThan(1e-6);
        double difference = 0;
        double norm = 0;
        for (int i = 0; i < host.gradient().length; i++) {
            difference += Math.pow((double) host.gradient()[i] - nd4j.gradient()[i], 2);
            norm += Math.pow(host.gradient()[i], 2);
        }
        assertThat(Math.sqrt(difference / norm)).isLessThan(2e-6);
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
