package io.tessellate.engine.model.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.backend.Backends;
import io.tessellate.engine.backend.HeadShape;
import io.tessellate.engine.model.config.ModelConfig;
import io.tessellate.engine.model.fixture.SmallFamilies;
import io.tessellate.engine.model.fixture.SmallModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The flow against the definition: how the sum of the outputs grows with one weight, all else fixed. */
@Tag("numeric")
class SynapticFlowTest {
    private static final Backend BACKEND = Backends.open(Backends.HOST);

    @ParameterizedTest
    @EnumSource
    void itIsTheSlopeOfTheLinearNetwork(SmallFamilies family) {
        ParameterLayout layout = family.layout();
        try (Weights weights = SmallModel.weights(BACKEND, layout, SmallModel.values(layout, 7))) {
            SynapticFlow flow = SynapticFlow.of(family.config(), weights);
            Reference reference = new Reference(family.config(), layout, weights);
            SplittableRandom random = new SplittableRandom(1);
            for (ParameterTensor tensor : layout.tensors()) {
                for (int n = 0; n < 5 && tensor.eligible(); n++) {
                    int position = (int) tensor.offset() + random.nextInt(tensor.size());
                    double expected = reference.slope(position);
                    assertThat(flow.at(position))
                            .as("%s %d", tensor.name(), position - tensor.offset())
                            .isPositive()
                            .isCloseTo(expected, within(1e-6 * expected));
                }
            }
        }
    }

    /** The network of the definition, forward only, each matrix multiplied out entry by entry. */
    private static final class Reference {
        private final ModelConfig config;
        private final TransformerParts<Slot> parts;
        private final double[] values;
        private final List<Double> scales = new ArrayList<>();
        private int norms;

        Reference(ModelConfig config, ParameterLayout layout, Weights weights) {
            this.config = config;
            this.parts = Slot.of(config, layout);
            this.values = new double[(int) layout.size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = weights.vector().toArray(i, 1)[0];
            }
            for (ParameterTensor tensor : layout.tensors()) {
                boolean rms = tensor.shape().rank() == 1 && tensor.name().endsWith("norm.weight");
                double offset = rms ? config.architecture().normalisation().gainOffset() : 0;
                for (int i = (int) tensor.offset(); i < tensor.end(); i++) {
                    values[i] = Math.abs(values[i] + offset);
                }
            }
            output();
        }

        double slope(int position) {
            double value = values[position];
            double step = 1e-4;
            values[position] = value + step;
            double above = output();
            values[position] = value - step;
            double below = output();
            values[position] = value;
            return (above - below) / (2 * step);
        }

        private double output() {
            norms = 0;
            double[] x = new double[config.hidden()];
            Arrays.fill(x, config.architecture().vocabulary().embeddingScale());
            for (TransformerParts.Layer<Slot> layer : parts.layers()) {
                x = config.architecture().normalisation().before() ? before(layer, x) : after(layer, x);
            }
            x = parts.finalNorm() == null ? x : norm(parts.finalNorm(), x);
            return Arrays.stream(x).sum();
        }

        private double[] before(TransformerParts.Layer<Slot> layer, double[] x) {
            TransformerParts.LayerNorms<Slot> norms = layer.norms();
            double[] attended = plus(x, norm(norms.attentionResult(), attention(layer, norm(norms.attention(), x))));
            double[] read = config.architecture().normalisation().parallel() ? x : attended;
            return plus(attended, norm(norms.feedForwardResult(), feedForward(layer, norm(norms.feedForward(), read))));
        }

        private double[] after(TransformerParts.Layer<Slot> layer, double[] x) {
            double[] attended = norm(layer.attentionNorm(), plus(x, attention(layer, x)));
            return norm(layer.feedForwardNorm(), plus(attended, feedForward(layer, attended)));
        }

        private double[] attention(TransformerParts.Layer<Slot> layer, double[] x) {
            double[] projected = linear(layer.projections(), x);
            int width = config.headWidth();
            int keyHeads = config.architecture().attention().keyValueHeads();
            boolean byHead = config.architecture().attention().order() == HeadShape.Order.BY_HEAD;
            double[][] queries = new double[config.heads()][];
            double[][] keys = new double[keyHeads][];
            for (int h = 0; h < config.heads(); h++) {
                queries[h] = norm(layer.norms().query(), head(projected, byHead ? 3 * h : h));
            }
            for (int h = 0; h < keyHeads; h++) {
                keys[h] = norm(layer.norms().key(), head(projected, byHead ? 3 * h + 1 : config.heads() + h));
            }
            double[] context = new double[config.heads() * width];
            for (int h = 0; h < config.heads(); h++) {
                int shared = h * keyHeads / config.heads();
                double[] value = head(projected, byHead ? 3 * h + 2 : config.heads() + keyHeads + shared);
                double score = 0;
                for (int i = 0; i < width; i++) {
                    score += queries[h][i] * keys[shared][i];
                }
                score *= config.architecture().scoreScale();
                for (int i = 0; i < width; i++) {
                    context[h * width + i] = score * value[i];
                }
            }
            return linear(layer.output(), context);
        }

        private double[] head(double[] projected, int block) {
            return Arrays.copyOfRange(projected, block * config.headWidth(), (block + 1) * config.headWidth());
        }

        private double[] feedForward(TransformerParts.Layer<Slot> layer, double[] x) {
            double[] inner = linear(layer.up(), x);
            if (config.architecture().activation().gated()) {
                double[] product = new double[inner.length / 2];
                for (int i = 0; i < product.length; i++) {
                    product[i] = inner[i] * inner[product.length + i];
                }
                inner = product;
            }
            return linear(layer.down(), inner);
        }

        private double[] linear(TransformerParts.Linear<Slot> linear, double[] x) {
            List<ParameterTensor> tensors = linear.weight().tensors();
            int offset = (int) tensors.get(0).offset();
            int size = tensors.stream().mapToInt(ParameterTensor::size).sum();
            int outputs = size / x.length;
            boolean transposed = config.architecture().storage().transposed();
            double[] y = new double[outputs];
            for (int o = 0; o < outputs; o++) {
                for (int i = 0; i < x.length; i++) {
                    y[o] += x[i] * values[offset + (transposed ? i * outputs + o : o * x.length + i)];
                }
            }
            return y;
        }

        /** The scale is that of the first pass, whatever the weights are now. */
        private double[] norm(TransformerParts.@Nullable Normalisation<Slot> norm, double[] x) {
            if (norm == null) {
                return x;
            }
            if (norms == scales.size()) {
                scales.add(Math.sqrt(Arrays.stream(x).map(v -> v * v).sum() / x.length));
            }
            double scale = scales.get(norms++);
            int offset = (int) norm.gain().tensors().get(0).offset();
            double[] y = new double[x.length];
            for (int i = 0; i < y.length; i++) {
                y[i] = values[offset + i] * x[i] / scale;
            }
            return y;
        }

        private static double[] plus(double[] a, double[] b) {
            double[] sum = a.clone();
            for (int i = 0; i < sum.length; i++) {
                sum[i] += b[i];
            }
            return sum;
        }
    }
}
