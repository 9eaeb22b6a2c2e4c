package io.tessellate.engine.model.pass;

import io.tessellate.engine.backend.Matrix;
import io.tessellate.engine.backend.NormState;
import io.tessellate.engine.model.config.ModelConfig;

/**
 * Takes the matrices of a pass that have a row for each of some tokens: of all, or of those that are read.
 *
 * @param rows how many tokens
 */
record RowMemory(ModelConfig config, int rows, PlaceActivations.Memory memory) {
    Matrix hidden() {
        return memory.take(rows, config.hidden());
    }

    Matrix context() {
        return memory.take(rows, config.contextColumns());
    }

    Matrix inner() {
        return memory.take(rows, config.innerColumns());
    }

    Matrix intermediate() {
        return memory.take(rows, config.intermediate());
    }

    /** What the activation gives: in place unless it is narrower. */
    Matrix activated(Matrix inner) {
        return config.architecture().activation().gated() ? intermediate() : inner;
    }

    NormState state() {
        return new NormState(hidden(), memory.take(rows, 1));
    }

    /** What a layer's normalisations keep of these rows; what is normalised before attention is kept already. */
    LayerActivations.States states(LayerActivations.States before) {
        boolean around = config.architecture().normalisation().around();
        return new LayerActivations.States(
                before.query(),
                before.key(),
                config.architecture().normalisation().before() ? before.attention() : state(),
                around ? state() : null,
                state(),
                around ? state() : null);
    }

    /** What the highest layer works on where it is computed for these rows only. */
    ReadActivations work(boolean training) {
        ReadActivations.Upper gradients = null;
        if (training) {
            Matrix inner = inner();
            gradients = new ReadActivations.Upper(hidden(), context(), activated(inner), inner);
        }
        return new ReadActivations(hidden(), hidden(), gradients);
    }
}
