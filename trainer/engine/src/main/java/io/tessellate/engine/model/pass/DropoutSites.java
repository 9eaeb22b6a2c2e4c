package io.tessellate.engine.model.pass;

import io.tessellate.engine.backend.Matrix;
import io.tessellate.engine.backend.ProbabilityDropout;
import io.tessellate.engine.model.batch.Batch;
import io.tessellate.engine.model.batch.Dropout;
import org.jspecify.annotations.Nullable;

/**
 * Where a batch's passes drop hidden values: after the embeddings, and what the attention and the feed-forward block of each
 * layer add to the stream; what a layer reads of the vectors of relative places; and, by a rate of its own, attention
 * probabilities.
 */
final class DropoutSites {
    private static final int EMBEDDINGS = 0;

    private final Dropout dropout;
    private final Batch batch;
    private final @Nullable ReadRows read;

    DropoutSites(Dropout dropout, Batch batch) {
        this(dropout, batch, null);
    }

    private DropoutSites(Dropout dropout, Batch batch, @Nullable ReadRows read) {
        this.dropout = dropout;
        this.batch = batch;
        this.read = read;
    }

    /** The same behind the attention of a layer that is computed for these tokens only, if it is. */
    DropoutSites behind(int layer, @Nullable ReadRows some) {
        return some == null || !some.in(layer) ? this : new DropoutSites(dropout, batch, some);
    }

    static int attention(int layer) {
        return 1 + 2 * layer;
    }

    static int feedForward(int layer) {
        return 2 + 2 * layer;
    }

    /** What a layer drops of its attention probabilities. */
    ProbabilityDropout probabilities(int layer) {
        return dropout.probabilities(layer);
    }

    /** Whether any hidden values are dropped anywhere. */
    boolean active() {
        return dropout.active();
    }

    /** x = dropout(x). */
    void apply(int site, Matrix x) {
        if (read == null) {
            dropout.apply(x, batch, site);
        } else {
            dropout.applyTo(read.positions(), x, x, site);
        }
    }

    /** x = dropout(x) or its gradient, after the embeddings. */
    void embeddings(Matrix x) {
        if (active()) {
            apply(EMBEDDINGS, x);
        }
    }

    /** What a layer leaves of the vectors of relative places: themselves if nothing is dropped, else in their scratch. */
    Matrix places(int layer, PlaceActivations places) {
        if (!active()) {
            return places.normalised();
        }
        dropout.places(places.normalised(), places.sum(), places.table()[0], layer);
        return places.sum();
    }

    /** The gradient before that, in the scratch where it is after it. */
    void placesBackward(int layer, PlaceActivations places) {
        if (active()) {
            dropout.places(places.sum(), places.sum(), places.table()[0], layer);
        }
    }

    /** The gradient before a site, given that after it: the same matrix if nothing is dropped, else {@code scratch}. */
    Matrix gradient(int site, Matrix after, Matrix scratch) {
        if (!active()) {
            return after;
        }
        if (read == null) {
            dropout.backward(after, scratch, batch, site);
        } else {
            dropout.applyTo(read.positions(), after, scratch, site);
        }
        return scratch;
    }
}
