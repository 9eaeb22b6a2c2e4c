package io.tessellate.engine.backend;

/** Matrix products. */
public interface Products {
    /** Matrix product of the given form into {@code c}, in single precision. */
    void multiply(Product product, Matrix a, Matrix b, Matrix c);

    /**
     * The same of A and B rounded to the nearest bf16 numbers. Products are added up in single precision; a sum is rounded to
     * bf16 before it replaces or is added to what {@code c} holds in single precision. What goes into a matrix that keeps some
     * entries only may be computed more exactly.
     *
     * @param a in single precision, or {@link Matrix#narrow}
     * @param b likewise
     */
    void multiplyRounded(Product product, Matrix a, Matrix b, Matrix c);

    /** {@link #multiply} by weights, which change less often than they are used; {@code weight} may be kept in fewer bits. */
    default void multiplyBy(Product product, Matrix a, Matrix weight, Matrix c) {
        multiply(product, a, weight(weight), c);
    }

    /** Weights as {@link #multiply} takes them for B; valid as long as {@link Matrix#wide}. */
    default Matrix weight(Matrix weight) {
        return weight.wide();
    }

    /** A matrix for {@link #multiply} to read several times; to be closed behind the last. */
    default Operand operand(Matrix matrix) {
        return Operand.of(matrix);
    }

    /** A matrix for {@link #multiplyRounded} to read several times; to be closed behind the last. */
    default Operand roundedOperand(Matrix matrix) {
        return Operand.of(matrix);
    }

    /** How {@link #multiplyRounded} is computed here. */
    Rounding rounding();

    /**
     * How products of bf16 numbers are computed.
     *
     * @param fast whether faster than those of single precision
     * @param how by what, in a few words; the last bits depend on it
     */
    record Rounding(boolean fast, String how) {}

    /**
     * A matrix that several products read and nothing writes meanwhile: where products round what they read, it is rounded once.
     *
     * @param exact the matrix itself
     * @param read what a product is to be given for it, until this is closed
     * @param release gives back what it takes
     */
    record Operand(Matrix exact, Matrix read, Runnable release) implements AutoCloseable {
        /** One that products read as it is. */
        static Operand of(Matrix matrix) {
            return new Operand(matrix, matrix, () -> {});
        }

        @Override
        public void close() {
            release.run();
        }
    }
}
