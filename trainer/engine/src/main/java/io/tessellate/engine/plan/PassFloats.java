package io.tessellate.engine.plan;

/**
 * Floats that passes take at most: those of an encoder for heads, and those of a language model's, which has memory of its own.
 *
 * @param encoder for heads
 * @param language for completions
 * @param kernels what one call of a kernel takes in passing, where a backend's do
 * @param tokens rows of hidden vectors of the largest pass
 */
public record PassFloats(long encoder, long language, long kernels, long tokens) {
    /** No pass. */
    public static final PassFloats NONE = new PassFloats(0, 0, 0, 0);

    /** The larger of both, number by number: memory that has grown stays. */
    public PassFloats or(PassFloats other) {
        return new PassFloats(
                Math.max(encoder, other.encoder),
                Math.max(language, other.language),
                Math.max(kernels, other.kernels),
                Math.max(tokens, other.tokens));
    }
}
