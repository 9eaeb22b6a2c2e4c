package io.tessellate.engine.model.text;

import static io.tessellate.engine.backend.Product.AB;
import static io.tessellate.engine.backend.Product.ABT;
import static io.tessellate.engine.backend.Product.ATB;

import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.backend.FloatVector;
import io.tessellate.engine.backend.Matrix;
import io.tessellate.engine.model.config.ModelConfig;
import io.tessellate.engine.model.weights.Gradients;
import io.tessellate.engine.model.weights.Slot;
import io.tessellate.engine.model.weights.TransformerParts;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * From hidden vectors to what the next token is: logits = hidden W^T, softly capped where a family does so; W is the table of words or a matrix of its own.
 * Rows are taken a few at a time, so that a large vocabulary needs little memory.
 */
final class TokenHead implements AutoCloseable {
    /** Logits that are in memory at a time. */
    private static final int LOGITS = 1 << 22;

    private final Backend backend;
    private final ModelConfig config;
    private final int most;
    private final FloatVector memory;

    TokenHead(Backend backend, ModelConfig config) {
        this(backend, config, rows(config));
    }

    private static int rows(ModelConfig config) {
        return Math.max(1, Math.min(1024, LOGITS / config.vocabulary()));
    }

    /** Floats of its memory. */
    static long floats(ModelConfig config) {
        return (long) rows(config) * (config.hidden() + config.vocabulary());
    }

    /** A head that takes at most so many rows at a time. */
    TokenHead(Backend backend, ModelConfig config, int most) {
        this.backend = backend;
        this.config = config;
        this.most = most;
        int logits = config.vocabulary() * (cap() == 0 ? 1 : 2);
        this.memory = backend.memory().allocate(Math.multiplyExact(most, config.hidden() + logits));
    }

    private float cap() {
        return config.architecture().vocabulary().logitCap();
    }

    /** As products take it, once for all pieces. */
    private Matrix weight(TransformerParts<Matrix> parts) {
        return backend.products().weight(head(parts));
    }

    private static Matrix head(TransformerParts<Matrix> parts) {
        return parts.head() == null ? parts.words() : parts.head();
    }

    /** The logits of some rows, [rows x vocabulary]. */
    float[] logits(TransformerParts<Matrix> weights, Matrix hidden, int[] rows) {
        Matrix head = weight(weights);
        float[] all = new float[Math.multiplyExact(rows.length, config.vocabulary())];
        for (Completions.Span piece : new Completions.Span(0, rows.length).pieces(most)) {
            int[] some = Arrays.copyOfRange(rows, piece.from(), piece.to());
            Matrix logits = forward(head, hidden, some);
            float[] copy = new float[logits.size()];
            logits.get(copy);
            System.arraycopy(copy, 0, all, piece.from() * config.vocabulary(), copy.length);
        }
        return all;
    }

    /** The summed loss, -log p, of the tokens of a span. */
    double loss(TransformerParts<Matrix> weights, Matrix hidden, Completions completions, Completions.Span span) {
        Matrix head = weight(weights);
        double loss = 0;
        for (Completions.Span piece : span.pieces(most)) {
            Matrix logits = forward(head, hidden, completions.rows(piece));
            loss += backend.rows().crossEntropy(logits, completions.tokens(piece), 1f);
        }
        return loss;
    }

    /**
     * The summed loss of all tokens that count, with its gradients.
     *
     * @param scale what the gradients, not the loss, are multiplied with
     * @param hiddenGradient filled
     * @param headGradient added to, unless it is null
     */
    double backward(
            TransformerParts<Matrix> weights,
            Matrix hidden,
            Completions completions,
            float scale,
            Matrix hiddenGradient,
            @Nullable Matrix headGradient) {
        hiddenGradient.clear();
        Matrix head = weight(weights);
        double loss = 0;
        for (Completions.Span piece : completions.all().pieces(most)) {
            int[] rows = completions.rows(piece);
            Matrix logits = forward(head, hidden, rows);
            Matrix capped = copyOfCapped(logits);
            loss += backend.rows().crossEntropy(logits, completions.tokens(piece), scale);
            if (capped != null) {
                backend.activations().softCapBackward(capped, logits, cap());
            }
            if (headGradient != null) {
                backend.products().multiply(ATB.accumulating(), logits, picked(piece.count()), headGradient);
            }
            Matrix gradient = picked(piece.count());
            backend.products().multiply(AB, logits, head, gradient);
            backend.rows().scatterAddRows(gradient, rows, hiddenGradient);
        }
        return loss;
    }

    private Matrix forward(Matrix head, Matrix hidden, int[] rows) {
        Matrix picked = picked(rows.length);
        Matrix logits = backend.memory().matrix(memory, most * config.hidden(), rows.length, config.vocabulary());
        backend.rows().gatherRows(hidden, rows, picked, false);
        backend.products().multiply(ABT, picked, head, logits);
        if (cap() != 0) {
            backend.activations().softCap(logits, cap());
        }
        return logits;
    }

    /** What the slope of the cap is computed from when the logits have become their gradient; nothing without a cap. */
    private @Nullable Matrix copyOfCapped(Matrix logits) {
        if (cap() == 0) {
            return null;
        }
        int behind = most * (config.hidden() + config.vocabulary());
        Matrix copy = backend.memory().matrix(memory, behind, logits.rows(), logits.columns());
        copy.clear();
        backend.rows().add(copy, logits);
        return copy;
    }

    private Matrix picked(int rows) {
        return backend.memory().matrix(memory, 0, rows, config.hidden());
    }

    /** The part of gradients that belongs to the head, if it is trained. */
    static @Nullable Matrix trained(ModelConfig config, Gradients gradients) {
        TransformerParts<Slot> slots = Slot.of(config, gradients.layout());
        Slot slot = slots.head() == null ? slots.words() : slots.head();
        return slot.trained(gradients.trainable()) ? head(gradients.parts(config)) : null;
    }

    @Override
    public void close() {
        memory.close();
    }
}
