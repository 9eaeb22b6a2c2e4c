package io.tessellate.engine.train.entries;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tessellate.engine.Rounding;
import io.tessellate.engine.lowrank.FactorStart;
import io.tessellate.engine.model.fixture.ToyEncoder;
import io.tessellate.engine.model.weights.ParameterTensor;
import io.tessellate.engine.model.weights.Weights;
import io.tessellate.engine.recipe.Seeds;
import io.tessellate.engine.train.fixture.TrainingFixture;
import io.tessellate.engine.values.FloatBlocks;
import io.tessellate.mask.Mask;
import io.tessellate.mask.adapter.Factors;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("numeric")
class LowRankTest {
    private static final int RANK = 3;
    private static final double SCALE = 2;

    private final Weights parent = ToyEncoder.weights(TrainingFixture.BACKEND);
    private final Weights weights = parent.copy();
    private final List<String> names = List.of(
            parent.layout().eligible().tensor(1).name(),
            parent.layout().eligible().tensor(4).name());

    @AfterEach
    void close() {
        weights.close();
        parent.close();
    }

    private LowRank lowRank(FactorStart start) {
        Mask.Builder mask = Mask.builder(parent.layout().eligible());
        names.forEach(mask::addAll);
        return LowRank.of(mask.build(), start, RANK, SCALE, parent, new Seeds(5));
    }

    private FloatBlocks start(LowRank entries) {
        return entries.read(parent.vector()).then(List.of(new float[2]));
    }

    private static FloatBlocks moved(FloatBlocks values) {
        Random random = new Random(8);
        FloatBlocks moved = values.copy();
        for (float[] block : moved.all()) {
            for (int n = 0; n < block.length; n++) {
                block[n] += (float) (0.1 * random.nextGaussian());
            }
        }
        return moved;
    }

    @ParameterizedTest
    @EnumSource
    void trainingStartsAtTheParentsBits(FactorStart start) {
        LowRank entries = lowRank(start);
        entries.assign(start(entries), weights.vector());
        long size = parent.layout().size();
        assertThat(weights.vector().toArray(0, size)).isEqualTo(parent.vector().toArray(0, size));
    }

    @ParameterizedTest
    @EnumSource
    void aRankTrainsItsShareOfEveryMatrixAndChangesNoOther(FactorStart start) {
        LowRank entries = lowRank(start);
        int expected = names.stream()
                .map(parent.layout()::tensor)
                .mapToInt(tensor -> RANK * (tensor.rows() + tensor.columns()))
                .sum();
        assertThat(entries.size()).isEqualTo(expected);
        entries.assign(moved(start(entries)), weights.vector());
        FrozenWeights.requireUnchanged(parent, weights, entries);
        for (String name : names) {
            assertThat(weights.get(name)).isNotEqualTo(parent.get(name));
        }
    }

    @ParameterizedTest
    @EnumSource
    void theFactorsOfTheAdapterMakeTheWeights(FactorStart start) {
        LowRank entries = lowRank(start);
        FloatBlocks values = moved(start(entries));
        entries.assign(values, weights.vector());
        List<Factors> factors = entries.factors(values);
        assertThat(factors).extracting(Factors::tensor).containsExactlyElementsOf(names);
        for (Factors part : factors) {
            assertThat(part.rank()).isEqualTo(start == FactorStart.RANDOM ? RANK : 2 * RANK);
            Rounding.single(part.rank() + 2L).assertClose(weights.get(part.tensor()), sum(part));
        }
    }

    private float[] sum(Factors part) {
        float[] sum = parent.get(part.tensor());
        float[] a = part.a();
        float[] b = part.b();
        int columns = part.columns();
        for (int n = 0; n < sum.length; n++) {
            double change = 0;
            for (int k = 0; k < part.rank(); k++) {
                change += (double) b[n / columns * part.rank() + k] * a[k * columns + n % columns];
            }
            sum[n] += (float) (part.scale() * change);
        }
        return sum;
    }

    /** For a loss that is linear in the weights a central difference in one factor is exact but for rounding. */
    @ParameterizedTest
    @EnumSource
    void theGradientOfTheFactorsIsThatOfFiniteDifferences(FactorStart start) {
        LowRank entries = lowRank(start);
        FloatBlocks values = moved(start(entries));
        Random random = new Random(4);
        float[] slopes = new float[(int) parent.layout().size()];
        for (int n = 0; n < slopes.length; n++) {
            slopes[n] = (float) random.nextGaussian();
        }
        FloatBlocks gradient = values.zeros();
        try (Weights dense = Weights.zeros(TrainingFixture.BACKEND, parent.layout())) {
            dense.vector().put(0, slopes, 0, slopes.length);
            entries.readGradient(dense.vector(), values, gradient);
        }
        for (int b = 0; b < entries.blocks().length; b++) {
            for (int n = 0; n < entries.blocks()[b]; n += 7) {
                double difference =
                        loss(entries, values, b, n, 0.5f, slopes) - loss(entries, values, b, n, -0.5f, slopes);
                assertThat(gradient.block(b)[n])
                        .as("value %d of matrix %d", n, b)
                        .isCloseTo((float) difference, within(2e-4f));
            }
        }
    }

    private double loss(LowRank entries, FloatBlocks values, int b, int n, float by, float[] slopes) {
        FloatBlocks there = values.copy();
        there.block(b)[n] += by;
        entries.assign(there, weights.vector());
        double loss = 0;
        for (String name : names) {
            ParameterTensor tensor = parent.layout().tensor(name);
            float[] now = weights.get(name);
            for (int i = 0; i < now.length; i++) {
                loss += (double) now[i] * slopes[(int) tensor.offset() + i];
            }
        }
        return loss;
    }
}
