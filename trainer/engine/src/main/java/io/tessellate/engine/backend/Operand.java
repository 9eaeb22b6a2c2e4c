package io.tessellate.engine.backend;

/**
 * A matrix that several products read and nothing writes meanwhile: where products round what they read, it is rounded once.
 *
 * @param exact the matrix itself
 * @param read what {@link Products#multiply} is to be given for it, until this is closed
 * @param release gives back what it takes
 */
public record Operand(Matrix exact, Matrix read, Runnable release) implements AutoCloseable {
    /** One that products read as it is. */
    public static Operand of(Matrix matrix) {
        return new Operand(matrix, matrix, () -> {});
    }

    @Override
    public void close() {
        release.run();
    }
}
