package io.tessellate.lineage.log;

import io.tessellate.mask.spectrum.SpectralCertificate;

/**
 * What an expander mask is worth as a graph in the tensors of one shape.
 *
 * @param rows rows of the tensors
 * @param columns columns of the tensors
 * @param tensors how many tensors of this shape the mask is regular in; nothing is said of others
 * @param worst the certificate of the one with the largest second singular value
 */
public record TensorSpectrum(int rows, int columns, int tensors, SpectralCertificate worst) {}
