package io.tessellate.engine.model.head;

import io.tessellate.engine.backend.Matrix;
import io.tessellate.engine.model.batch.Batch;

/** A loss on the encoder's last hidden vectors. */
@FunctionalInterface
public interface OutputLoss {
    /**
     * Computes the loss and its gradient.
     *
     * @param hidden [rows, hidden], to be read; {@link Batch#row} says which row is whose
     * @param gradient of the same shape, to be filled completely; 0 for rows that are no token's
     * @return the loss
     */
    double apply(Matrix hidden, Matrix gradient);
}
