package io.tessellate.engine.model.weights;

import io.tessellate.engine.backend.Matrix;
import io.tessellate.engine.model.config.Architecture;
import io.tessellate.engine.model.config.ModelConfig;
import io.tessellate.engine.model.config.Positions;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The tensors that make up one part of a transformer: one, or several that lie one behind the other in one segment and are
 * used as one matrix.
 *
 * @param tensors at least one
 */
public record Slot(List<ParameterTensor> tensors) {
    /** Where the parts of a model lie. The layout must be one of {@link TransformerLayout}. */
    public static TransformerParts<Slot> of(ModelConfig config, ParameterLayout layout) {
        return new Walk(config, layout.tensors()).all();
    }

    /** Matrices over the vector of a segment. */
    interface View {
        Matrix matrix(int segment, int offset, int rows, int columns);
    }

    /** Number of its entries. */
    public int size() {
        return Math.toIntExact(
                tensors.get(tensors.size() - 1).end() - tensors.get(0).offset());
    }

    /** The part as a matrix over its segment. */
    Matrix over(ParameterLayout layout, View view) {
        ParameterTensor first = tensors.get(0);
        int segment = layout.segmentOf(first.offset());
        int size = size();
        int columns = first.shape().rank() == 1 ? size : first.columns();
        return view.matrix(segment, layout.segments().get(segment).index(first.offset()), size / columns, columns);
    }

    /** Whether any of its tensors is among those. */
    public boolean trained(TrainableTensors trainable) {
        return tensors.stream().anyMatch(tensor -> trainable.contains(tensor.name()));
    }

    /** Goes through a layout in the order in which {@link TransformerLayout} fills it. */
    private static final class Walk {
        private final ModelConfig config;
        private final Architecture architecture;
        private final List<ParameterTensor> tensors;
        private int next;

        Walk(ModelConfig config, List<ParameterTensor> tensors) {
            this.config = config;
            this.architecture = config.architecture();
            this.tensors = tensors;
        }

        TransformerParts<Slot> all() {
            Slot words = take(1);
            Slot positions = architecture.positions() instanceof Positions.Learned ? take(1) : null;
            Slot types = config.tokenTypes() > 0 ? take(1) : null;
            boolean before = architecture.normalisation().before();
            TransformerParts.Normalisation<Slot> embeddingNorm =
                    architecture.normalisation().embedded() ? norm() : null;
            TransformerParts.Places<Slot> places = architecture.positions() instanceof Positions.Disentangled
                    ? new TransformerParts.Places<>(take(1), norm())
                    : null;
            List<TransformerParts.Layer<Slot>> layers = new ArrayList<>();
            for (int l = 0; l < config.layers(); l++) {
                layers.add(layer(l));
            }
            TransformerParts.Normalisation<Slot> finalNorm = before ? norm() : null;
            Slot head = architecture.output() == Architecture.Output.OWN ? take(1) : null;
            if (next != tensors.size()) {
                throw new IllegalArgumentException(
                        "a model of %d tensors has a layout of %d".formatted(next, tensors.size()));
            }
            return new TransformerParts<>(words, positions, types, embeddingNorm, layers, finalNorm, head, places);
        }

        private TransformerParts.Layer<Slot> layer(int l) {
            Architecture.Biases biases = architecture.biases();
            boolean fused = architecture.storage().fused();
            TransformerParts.Linear<Slot> projections = linear(fused ? 1 : 3, biases.projections());
            TransformerParts.Normalisation<Slot> query = headNorm();
            TransformerParts.Normalisation<Slot> key = headNorm();
            TransformerParts.Linear<Slot> output = linear(1, biases.output());
            TransformerParts.Normalisation<Slot> attention =
                    architecture.normalisation().attention(l) ? norm() : null;
            TransformerParts.Normalisation<Slot> attentionResult = resultNorm();
            boolean gated = architecture.activation().gated();
            TransformerParts.Linear<Slot> up = linear(gated && !fused ? 2 : 1, biases.feedForward());
            TransformerParts.Linear<Slot> down = linear(1, biases.feedForward());
            return new TransformerParts.Layer<>(
                    projections,
                    output,
                    new TransformerParts.LayerNorms<>(query, key, attention, attentionResult, norm(), resultNorm()),
                    up,
                    down);
        }

        private TransformerParts.@Nullable Normalisation<Slot> headNorm() {
            return architecture.attention().normed() ? new TransformerParts.Normalisation<>(take(1), null) : null;
        }

        private TransformerParts.@Nullable Normalisation<Slot> resultNorm() {
            return architecture.normalisation().around() ? norm() : null;
        }

        private TransformerParts.Linear<Slot> linear(int count, boolean biased) {
            return new TransformerParts.Linear<>(take(count), biased ? take(count) : null);
        }

        private TransformerParts.Normalisation<Slot> norm() {
            return new TransformerParts.Normalisation<>(take(1), shift());
        }

        private @Nullable Slot shift() {
            return architecture.normalisation().shifts() ? take(1) : null;
        }

        private Slot take(int count) {
            next += count;
            return new Slot(tensors.subList(next - count, next));
        }
    }
}
