package io.tessellate.engine.backend.torch;

import io.tessellate.engine.backend.Matrix;

/** A matrix over a vector of libtorch. Its views live for one call each, so that there is nothing to free. */
record TorchMatrix(TorchVector memory, int offset, int rows, int columns) implements Matrix {}
