package io.tessellate.engine.model;

import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.backend.FloatVector;
import io.tessellate.engine.backend.Matrix;
import io.tessellate.engine.backend.Norm;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A flat vector seen as the tensors of an encoder, in the order of {@link BertLayout}.
 *
 * @param words [vocabulary, hidden]
 * @param positions [positions, hidden]
 * @param types [token types, hidden]
 * @param norm of the summed embeddings
 * @param layers from the lowest to the highest
 */
record EncoderTensors(Matrix words, Matrix positions, Matrix types, Norm norm, List<Layer> layers) {
    /** Tensors before the first layer. */
    static final int EMBEDDING_TENSORS = 5;
    /** Tensors of one layer. */
    static final int LAYER_TENSORS = 16;

    /**
     * One layer.
     *
     * @param projections query, key and value one below the other, [3 hidden, hidden]
     * @param projectionBias [1, 3 hidden]
     * @param output of the attention, [hidden, hidden]
     * @param outputBias [1, hidden]
     * @param attentionNorm after the attention
     * @param up [intermediate, hidden]
     * @param upBias [1, intermediate]
     * @param down [hidden, intermediate]
     * @param downBias [1, hidden]
     * @param norm at the layer's end
     */
    record Layer(
            Matrix projections,
            Matrix projectionBias,
            Matrix output,
            Matrix outputBias,
            Norm attentionNorm,
            Matrix up,
            Matrix upBias,
            Matrix down,
            Matrix downBias,
            Norm norm) {}

    static EncoderTensors over(Backend backend, FloatVector vector, ParameterLayout layout) {
        View view = new View(backend, vector, layout);
        int layers = (layout.tensors().size() - EMBEDDING_TENSORS) / LAYER_TENSORS;
        return new EncoderTensors(
                view.one(0),
                view.one(1),
                view.one(2),
                view.norm(3),
                IntStream.range(0, layers)
                        .mapToObj(l -> view.layer(EMBEDDING_TENSORS + l * LAYER_TENSORS))
                        .toList());
    }

    private record View(Backend backend, FloatVector vector, ParameterLayout layout) {
        Layer layer(int first) {
            ParameterTensor query = layout.tensors().get(first);
            int hidden = query.columns();
            return new Layer(
                    backend.matrix(vector, query.offset(), 3 * hidden, hidden),
                    backend.matrix(vector, layout.tensors().get(first + 3).offset(), 1, 3 * hidden),
                    one(first + 6),
                    one(first + 7),
                    norm(first + 8),
                    one(first + 10),
                    one(first + 11),
                    one(first + 12),
                    one(first + 13),
                    norm(first + 14));
        }

        Matrix one(int ordinal) {
            ParameterTensor tensor = layout.tensors().get(ordinal);
            return backend.matrix(vector, tensor.offset(), tensor.rows(), tensor.columns());
        }

        Norm norm(int ordinal) {
            return new Norm(one(ordinal), one(ordinal + 1));
        }
    }
}
