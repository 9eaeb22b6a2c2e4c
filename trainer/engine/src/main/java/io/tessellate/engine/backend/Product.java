package io.tessellate.engine.backend;

/**
 * The form of a matrix product {@code C = A' B' (+ C)} where each of A and B is taken as it is or transposed.
 *
 * @param transposeA whether A is transposed
 * @param transposeB whether B is transposed
 * @param accumulate whether the product is added to C instead of replacing it
 */
public record Product(boolean transposeA, boolean transposeB, boolean accumulate) {
    /** C = A B. */
    public static final Product AB = new Product(false, false, false);
    /** C = A B^T. */
    public static final Product ABT = new Product(false, true, false);
    /** C = A^T B. */
    public static final Product ATB = new Product(true, false, false);

    /** The same product, added to what C holds. */
    public Product accumulating() {
        return new Product(transposeA, transposeB, true);
    }
}
