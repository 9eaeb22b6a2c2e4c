package io.tessellate.engine.model;

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

    private final Backend backend;
    private final ModelConfig config;
    private final HeadShape shape;
    private final FloatVector memory;
    private int used;

    Arena(Backend backend, ModelConfig config, HeadShape shape, FloatVector memory) {
        this.backend = backend;
        this.config = config;
        this.shape = shape;
        this.memory = memory;
    }

    /** Floats a training pass over batches of that shape needs. */
    static long trainingFloats(ModelConfig config, HeadShape shape) {
        long tokens = shape.tokens();
        long hidden = tokens * config.hidden();
        long inner = tokens * config.intermediate();
        long scores = (long) shape.scoreRows() * shape.length();
        long layer = 8 * hidden + 2 * inner + scores + 2 * tokens + 11 * ALIGNMENT;
        long once = 8 * hidden + inner + scores + tokens + 9 * ALIGNMENT;
        return config.layers() * layer + once;
    }

    /** Floats an evaluation pass over batches of that shape needs. */
    static long evaluationFloats(ModelConfig config, HeadShape shape) {
        long hidden = (long) shape.tokens() * config.hidden();
        long inner = (long) shape.tokens() * config.intermediate();
        long scores = (long) shape.scoreRows() * shape.length();
        return 7 * hidden + inner + scores + 7 * ALIGNMENT;
    }

    /** The memory of a training pass: every layer keeps what its backward pass reads. */
    Activations training() {
        Matrix embedded = hidden();
        NormState embeddedState = state();
        List<LayerActivations> layers = new ArrayList<>();
        for (int l = 0; l < config.layers(); l++) {
            Matrix input = l == 0 ? embedded : layers.get(l - 1).output();
            layers.add(
                    new LayerActivations(input, attention(), hidden(), state(), inner(), inner(), hidden(), state()));
        }
        Matrix sum = hidden();
        GradientBuffers gradients = new GradientBuffers(hidden(), attention(), inner());
        return new Activations(shape, embedded, embeddedState, layers, sum, gradients);
    }

    /** The memory of an evaluation pass: all layers share it and keep nothing. */
    Activations evaluation() {
        Matrix hidden = hidden();
        Matrix inner = inner();
        LayerActivations layer = new LayerActivations(hidden, attention(), hidden(), null, inner, inner, hidden, null);
        return new Activations(shape, hidden, null, Collections.nCopies(config.layers(), layer), hidden(), null);
    }

    private AttentionBuffers attention() {
        Matrix projections = take(shape.tokens(), 3 * config.hidden());
        Matrix scores = take(shape.scoreRows(), shape.length());
        return AttentionBuffers.over(backend, shape, projections, scores, hidden());
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
