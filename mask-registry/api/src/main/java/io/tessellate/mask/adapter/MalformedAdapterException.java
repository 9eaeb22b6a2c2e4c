package io.tessellate.mask.adapter;

/** A rule of the format that a file breaks; the file's name is added by who knows it. */
final class MalformedAdapterException extends Exception {
    private static final long serialVersionUID = 1L;

    MalformedAdapterException(String rule) {
        super(rule);
    }

    @SuppressWarnings("AnnotateFormatMethod") // its annotation would be one more library
    static void require(boolean holds, String rule, Object... arguments) throws MalformedAdapterException {
        if (!holds) {
            throw new MalformedAdapterException(rule.formatted(arguments));
        }
    }
}
