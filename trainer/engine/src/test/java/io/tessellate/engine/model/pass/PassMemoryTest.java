package io.tessellate.engine.model.pass;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.backend.Backends;
import io.tessellate.engine.backend.Matrix;
import io.tessellate.engine.model.batch.Batch;
import io.tessellate.engine.model.batch.TokenSequence;
import io.tessellate.engine.model.fixture.SmallFamilies;
import io.tessellate.engine.model.fixture.SmallModel;
import io.tessellate.engine.model.weights.Gradients;
import io.tessellate.engine.model.weights.TrainableTensors;
import io.tessellate.engine.model.weights.Weights;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PassMemoryTest {
    private final Backend backend = Backends.open(Backends.HOST);

    private static Batch batch(SmallFamilies family, int... lengths) {
        List<TokenSequence> sequences = IntStream.of(lengths)
                .mapToObj(length -> new TokenSequence(
                        new Random(length)
                                .ints(length, 2, family.config().vocabulary())
                                .toArray(),
                        new int[length]))
                .toList();
        return Batch.of(sequences, family.config());
    }

    /** Gradients of batches of several shapes, one after the other in the same memory. */
    private float[] gradients(SmallFamilies family, Encoder encoder, Weights weights) {
        try (Gradients gradients = new Gradients(backend, TrainableTensors.all(family.layout()))) {
            for (Batch batch : List.of(
                    batch(family, 11, 4, 9), batch(family, 11, 1, 2, 1, 3), batch(family, 3), batch(family, 10))) {
                encoder.backward(weights, batch, gradients, (hidden, gradient) -> {
                    float[] values = new float[hidden.size()];
                    hidden.get(values);
                    gradient.put(values);
                    return 0;
                });
            }
            return gradients.vector().toArray(0, family.layout().size());
        }
    }

    @ParameterizedTest
    @EnumSource
    void howManyVectorsAPassLiesInShowsInNoBit(SmallFamilies family) {
        try (Weights weights = SmallModel.weights(backend, family.layout(), SmallModel.values(family.layout(), 7))) {
            for (KeptActivations kept : KeptActivations.values()) {
                try (Encoder one = new Encoder(backend, family.config(), kept);
                        Encoder several = new Encoder(backend, family.config(), kept, 2_000);
                        Encoder each = new Encoder(backend, family.config(), kept, 1)) {
                    float[] expected = gradients(family, one, weights);
                    assertThat(gradients(family, several, weights)).isEqualTo(expected);
                    assertThat(gradients(family, each, weights)).isEqualTo(expected);
                }
            }
        }
    }

    @Test
    void whatIsLaidAnewTakesNoMoreMemory() {
        long before = backend.memory().allocatedBytes();
        try (PassMemory memory = new PassMemory(backend, 160, 64)) {
            Matrix first = memory.take(3, 16);
            Matrix second = memory.take(5, 16);
            Matrix third = memory.take(1, 10);
            assertThat(first.memory()).isNotSameAs(second.memory());
            assertThat(third.memory()).as("the first with room").isSameAs(first.memory());
            assertThat(third.offset()).isEqualTo(48);
            long taken = backend.memory().allocatedBytes() - before;
            assertThat(taken).isEqualTo((64 + 80) * Float.BYTES);
            memory.rewind(150);
            assertThat(memory.take(4, 16).offset()).isZero();
            assertThat(memory.take(5, 16).memory()).isSameAs(second.memory());
            assertThat(backend.memory().allocatedBytes() - before).isEqualTo(taken);
        }
        assertThat(backend.memory().allocatedBytes()).isEqualTo(before);
    }

    @Test
    void aPassThatTakesMoreThanItSaidIsADefect() {
        try (PassMemory memory = new PassMemory(backend, 32, 64)) {
            memory.take(2, 16);
            assertThatThrownBy(() -> memory.take(1, 1)).isInstanceOf(IllegalStateException.class);
        }
    }
}
