package io.tessellate.engine.model.pass;

import static org.assertj.core.api.Assertions.assertThat;

import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.backend.Backends;
import io.tessellate.engine.model.batch.Batch;
import io.tessellate.engine.model.fixture.SmallFamilies;
import io.tessellate.engine.model.fixture.SmallModel;
import io.tessellate.engine.model.head.HeadGradients;
import io.tessellate.engine.model.head.Step;
import io.tessellate.engine.model.head.Targets;
import io.tessellate.engine.model.weights.Gradients;
import io.tessellate.engine.model.weights.ParameterLayout;
import io.tessellate.engine.model.weights.ParameterTensor;
import io.tessellate.engine.model.weights.TrainableTensors;
import io.tessellate.engine.model.weights.Weights;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A backward pass goes down as far as what is trained asks for, whatever the family's layers are made of. */
@Tag("numeric")
class PartialGradientTest {
    private final Backend backend = Backends.open(Backends.HOST);

    @ParameterizedTest
    @EnumSource
    void aTensorTrainedAloneGetsTheGradientItGetsAmongAll(SmallFamilies family) {
        ParameterLayout layout = family.layout();
        Batch batch = Batch.of(SmallModel.sequences(4, 2, 11, 5, 1, 3), family.config());
        Step step = new Step(batch, Targets.classes(3, 0, 1, 2, 3), 1);
        try (Weights weights = SmallModel.weights(backend, layout, SmallModel.values(layout, 1));
                Encoder encoder = new Encoder(backend, family.config());
                Gradients all = gradients(encoder, weights, TrainableTensors.all(layout), step)) {
            for (ParameterTensor tensor : layout.tensors()) {
                TrainableTensors only = TrainableTensors.of(layout, List.of(tensor.name()));
                try (Gradients alone = gradients(encoder, weights, only, step)) {
                    assertThat(alone.get(tensor.name())).as(tensor.name()).isEqualTo(all.get(tensor.name()));
                }
            }
        }
    }

    private Gradients gradients(Encoder encoder, Weights weights, TrainableTensors trainable, Step step) {
        Gradients gradients = new Gradients(backend, trainable);
        encoder.backward(weights, SmallModel.head(2, 4), step, gradients, HeadGradients.none());
        return gradients;
    }
}
