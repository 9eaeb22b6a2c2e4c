package io.tessellate.engine.model.pass;

import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.backend.Lookup;
import io.tessellate.engine.backend.Matrix;
import io.tessellate.engine.backend.Products.Operand;
import io.tessellate.engine.model.config.ModelConfig;
import io.tessellate.engine.model.weights.TransformerParts;
import io.tessellate.engine.model.weights.TransformerParts.Linear;
import org.jspecify.annotations.Nullable;

/**
 * How places relative to a token become queries and keys of disentangled attention, and the way back of their gradients:
 * their vectors are normalised once for all layers, each of which drops some entries and multiplies the rest by the weights
 * that make queries and keys of tokens.
 */
final class PlacePass {
    private final Backend backend;
    private final Linears linears;
    private final Normaliser normaliser;

    PlacePass(Backend backend, ModelConfig config) {
        this.backend = backend;
        this.linears = new Linears(backend, config.architecture().storage());
        this.normaliser = Normaliser.of(backend, config);
    }

    /** Looks up and normalises the places' vectors. */
    void embed(TransformerParts.Places<Matrix> weights, PlaceActivations places) {
        Lookup lookup = weights.table().lookup(places.table());
        backend.rows().gatherRows(lookup.table(), lookup.rows(), places.sum(), false);
        normaliser.forward(places.sum(), weights.norm(), places.state(), places.normalised());
    }

    /** Computes one layer's queries and keys of places; gives what they were computed from. */
    Matrix project(Linear<Matrix> projections, int layer, @Nullable DropoutSites dropout, PlaceActivations places) {
        Matrix x = dropout == null ? places.normalised() : dropout.places(layer, places);
        linears.apply(x, projections.weight(), places.projections());
        if (projections.bias() != null) {
            backend.rows().addBias(places.projections(), projections.bias());
        }
        return x;
    }

    /** Adds what one layer's gradients of queries and keys make of those of the normalised vectors. */
    void projectBackward(
            Linear<Matrix> projections,
            int layer,
            DropoutSites dropout,
            PlaceActivations places,
            GradientBuffers.PlaceGradients gradients) {
        Matrix branch = places.sum();
        try (Operand dy = linears.read(gradients.attention().places())) {
            linears.input(dy, projections.weight(), branch);
        }
        dropout.placesBackward(layer, places);
        backend.rows().add(gradients.hidden(), branch);
    }

    /** From the gradient of the normalised vectors to those of the normalisation's parameters and of the table. */
    void embedBackward(
            TransformerParts.Places<Matrix> weights,
            TransformerParts.Places<Matrix> gradients,
            TransformerParts.Places<Boolean> wanted,
            PlaceActivations places,
            Matrix hidden) {
        normaliser.backward(
                hidden, weights.norm(), places.state(), BackwardPlan.wanted(gradients.norm(), wanted.norm()));
        if (wanted.table()) {
            backend.rows().scatterAddRows(hidden, places.table(), gradients.table());
        }
    }
}
