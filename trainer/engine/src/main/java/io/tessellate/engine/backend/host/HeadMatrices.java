package io.tessellate.engine.backend.host;

import io.tessellate.engine.backend.Attention;
import io.tessellate.engine.backend.HeadShape;
import io.tessellate.engine.backend.Matrix;

/** Attention without views of its heads: {@link HostHeads} finds them in memory. */
record HeadMatrices(HeadShape shape, Matrix projections, Matrix scores, Matrix context) implements Attention {}
