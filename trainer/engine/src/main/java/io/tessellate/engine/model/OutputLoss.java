package io.tessellate.engine.model;

import io.tessellate.engine.backend.Matrix;

/** A loss on the encoder's last hidden vectors. */
@FunctionalInterface
public interface OutputLoss {
    /**
     * Computes the loss and its gradient.
     *
     * @param hidden [batch x length, hidden], to be read
     * @param gradient of the same shape, to be filled completely; 0 for padding
     * @return the loss
     */
    double apply(Matrix hidden, Matrix gradient);
}
