package io.tessellate.engine.pretrain;

import static io.tessellate.engine.backend.Product.AB;
import static io.tessellate.engine.backend.Product.ABT;
import static io.tessellate.engine.backend.Product.ATB;

import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.backend.FloatVector;
import io.tessellate.engine.backend.Matrix;
import io.tessellate.engine.backend.Norm;
import io.tessellate.engine.backend.NormState;
import io.tessellate.engine.model.config.ModelConfig;
import io.tessellate.engine.model.head.OutputLoss;
import io.tessellate.engine.model.weights.Gradients;
import io.tessellate.engine.model.weights.ParameterLayout;
import io.tessellate.engine.model.weights.Weights;

/**
 * BERT's head for guessing words: dense layer, GELU, layer normalisation, then the word embeddings themselves as the
 * decoder, plus a bias per word.
 *
 * @param backend does the arithmetic
 * @param config of the encoder below
 * @param weights the head's own
 * @param gradients of those
 * @param words the encoder's word embeddings, [vocabulary, hidden]
 * @param wordGradient theirs
 */
record WordHead(
        Backend backend, ModelConfig config, Weights weights, Gradients gradients, Matrix words, Matrix wordGradient) {
    private static final String DENSE = "cls.predictions.transform.dense.weight";
    private static final String DENSE_BIAS = "cls.predictions.transform.dense.bias";
    private static final String GAIN = "cls.predictions.transform.LayerNorm.weight";
    private static final String SHIFT = "cls.predictions.transform.LayerNorm.bias";
    private static final String BIAS = "cls.predictions.bias";

    static ParameterLayout layout(ModelConfig config) {
        return ParameterLayout.builder()
                .matrix(DENSE, config.hidden(), config.hidden())
                .vector(DENSE_BIAS, config.hidden())
                .vector(GAIN, config.hidden())
                .vector(SHIFT, config.hidden())
                .vector(BIAS, config.vocabulary())
                .build();
    }

    /** The mean cross entropy of the hidden words, given the encoder's last hidden vectors. */
    OutputLoss loss(MaskedWords masked) {
        return (hidden, gradient) -> {
            gradient.clear();
            if (masked.rows().length == 0) {
                return 0;
            }
            try (Pass pass = new Pass(masked.rows().length)) {
                double loss = pass.forward(hidden, masked);
                pass.backward(masked, gradient);
                return loss;
            }
        };
    }

    /** The memory of one pass over so many hidden words. */
    private final class Pass implements AutoCloseable {
        private final int count;
        private final FloatVector memory;
        private final Matrix input;
        private final Matrix dense;
        private final Matrix transformed;
        private final NormState state;
        private final Matrix logits;
        private int used;

        Pass(int count) {
            this.count = count;
            this.memory =
                    backend.memory().allocate(Math.multiplyExact(count, 4 * config.hidden() + 1 + config.vocabulary()));
            this.input = take(config.hidden());
            this.dense = take(config.hidden());
            this.transformed = take(config.hidden());
            this.state = new NormState(take(config.hidden()), take(1));
            this.logits = take(config.vocabulary());
        }

        private Matrix take(int columns) {
            Matrix matrix = backend.memory().matrix(memory, used, count, columns);
            used += matrix.size();
            return matrix;
        }

        double forward(Matrix hidden, MaskedWords masked) {
            backend.rows().gatherRows(hidden, masked.rows(), input, false);
            backend.products().multiply(ABT, input, weights.matrix(DENSE), dense);
            backend.activations().biasGelu(dense, weights.matrix(DENSE_BIAS), transformed);
            Norm norm = new Norm(weights.matrix(GAIN), weights.matrix(SHIFT));
            backend.norms().norm(transformed, norm, config.normEpsilon(), state, transformed);
            backend.products().multiply(ABT, transformed, words, logits);
            backend.rows().addBias(logits, weights.matrix(BIAS));
            return backend.rows().crossEntropy(logits, masked.words(), 1f / count) / count;
        }

        void backward(MaskedWords masked, Matrix gradient) {
            backend.products().multiply(ATB.accumulating(), logits, transformed, wordGradient);
            backend.rows().addColumnSums(logits, gradients.matrix(BIAS));
            backend.products().multiply(AB, logits, words, transformed);
            Norm parameters = new Norm(gradients.matrix(GAIN), gradients.matrix(SHIFT));
            backend.norms().normBackward(transformed, weights.matrix(GAIN), state, parameters);
            backend.activations().geluBackward(dense, transformed);
            backend.products().multiply(ATB.accumulating(), transformed, input, gradients.matrix(DENSE));
            backend.rows().addColumnSums(transformed, gradients.matrix(DENSE_BIAS));
            backend.products().multiply(AB, transformed, weights.matrix(DENSE), input);
            backend.rows().scatterAddRows(input, masked.rows(), gradient);
        }

        @Override
        public void close() {
            memory.close();
        }
    }
}
