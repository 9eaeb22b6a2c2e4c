package io.tessellate.engine.model;

import io.tessellate.engine.backend.Attention;
import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.backend.FloatVector;
import io.tessellate.engine.backend.HeadShape;
import io.tessellate.engine.backend.Matrix;
import io.tessellate.engine.backend.NormState;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Lays the matrices of a pass one after the other over one vector. */
final class Arena {
    /** Matrices begin at multiples of so many floats: a cache line. */
    private static final int ALIGNMENT = 16;

    private static final int MATRICES_PER_LAYER = 11;
    private static final int OTHER_MATRICES = 11;

    private final Backend backend;
    private final ModelConfig config;
    private final PassShape shape;
    private final FloatVector memory;
    private int used;

    Arena(Backend backend, ModelConfig config, PassShape shape, FloatVector memory) {
        this.backend = backend;
        this.config = config;
        this.shape = shape;
        this.memory = memory;
    }

    /** Floats a training pass over batches of that shape needs. */
    static long trainingFloats(ModelConfig config, PassShape shape) {
        long tokens = shape.tokens();
        long hidden = tokens * config.hidden();
        long inner = tokens * config.intermediate();
        long padded = (long) shape.attention().tokens() * config.hidden();
        long scores = scores(shape);
        long layer = 3 * padded + scores + 5 * hidden + 2 * inner + 2 * tokens + MATRICES_PER_LAYER * ALIGNMENT;
        long gradients = 4 * padded + scores + hidden + inner + (shape.packed() ? 4 * hidden : 0);
        return config.layers() * layer + gradients + 3 * hidden + tokens + OTHER_MATRICES * ALIGNMENT;
    }

    /** Floats an evaluation pass over batches of that shape needs. */
    static long evaluationFloats(ModelConfig config, PassShape shape) {
        long hidden = (long) shape.tokens() * config.hidden();
        long inner = (long) shape.tokens() * config.intermediate();
        long padded = (long) shape.attention().tokens() * config.hidden();
        long attention = 4 * padded + scores(shape) + (shape.packed() ? 4 * hidden : 0);
        return attention + 3 * hidden + inner + OTHER_MATRICES * ALIGNMENT;
    }

    private static long scores(PassShape shape) {
        return (long) shape.attention().scoreRows() * shape.attention().length();
    }

    /** The memory of a training pass: every layer keeps what its backward pass reads. */
    Activations training() {
        GradientBuffers gradients = gradients();
        Matrix embedded = hidden();
        NormState embeddedState = state();
        List<LayerActivations> layers = new ArrayList<>();
        for (int l = 0; l < config.layers(); l++) {
            Matrix input = l == 0 ? embedded : layers.get(l - 1).output();
            layers.add(trainingLayer(input, gradients));
        }
        return new Activations(shape, embedded, embeddedState, layers, hidden(), gradients);
    }

    private GradientBuffers gradients() {
        Attention attention = attention(takeContext());
        Matrix projections = shape.packed() ? take(shape.tokens(), 3 * config.hidden()) : attention.projections();
        Matrix context = shape.packed() ? hidden() : attention.context();
        return new GradientBuffers(hidden(), projections, attention, context, inner());
    }

    /**
     * Where tokens are packed, the projections before they are spread and the contexts before they are packed are needed
     * only in passing; the memory of their gradients, which come later, serves all layers.
     */
    private LayerActivations trainingLayer(Matrix input, GradientBuffers later) {
        Matrix context = hidden();
        Attention attention = attention(shape.packed() ? later.attention().context() : context);
        Matrix projections = shape.packed() ? later.projections() : attention.projections();
        return new LayerActivations(
                input, projections, attention, context, hidden(), state(), inner(), inner(), hidden(), state());
    }

    /** The memory of an evaluation pass: all layers share it and keep nothing. */
    Activations evaluation() {
        Matrix hidden = hidden();
        Matrix inner = inner();
        Attention attention = attention(takeContext());
        Matrix projections = shape.packed() ? take(shape.tokens(), 3 * config.hidden()) : attention.projections();
        Matrix context = shape.packed() ? hidden() : attention.context();
        LayerActivations layer = new LayerActivations(
                hidden, projections, attention, context, hidden(), null, inner, inner, hidden, null);
        return new Activations(shape, hidden, null, Collections.nCopies(config.layers(), layer), hidden(), null);
    }

    private Attention attention(Matrix context) {
        HeadShape heads = shape.attention();
        Matrix projections = take(heads.tokens(), 3 * config.hidden());
        Matrix scores = take(heads.scoreRows(), heads.length());
        return backend.attention(heads, projections, scores, context);
    }

    private Matrix takeContext() {
        return take(shape.attention().tokens(), config.hidden());
    }

    private NormState state() {
        return new NormState(hidden(), take(shape.tokens(), 1));
    }

    private Matrix hidden() {
        return take(shape.tokens(), config.hidden());
    }

    private Matrix inner() {
        return take(shape.tokens(), config.intermediate());
    }

    private Matrix take(int rows, int columns) {
        Matrix matrix = backend.matrix(memory, used, rows, columns);
        used += (matrix.size() + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        return matrix;
    }
}
