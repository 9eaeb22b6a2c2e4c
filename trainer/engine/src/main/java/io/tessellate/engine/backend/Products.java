package io.tessellate.engine.backend;

/** Matrix products. */
public interface Products {
    /** Matrix product of the given form into {@code c}. */
    void multiply(Product product, Matrix a, Matrix b, Matrix c);
}
