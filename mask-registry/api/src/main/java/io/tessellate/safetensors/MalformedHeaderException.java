package io.tessellate.safetensors;

/** A rule of the format that a header breaks; the file's name is added by who knows it. */
final class MalformedHeaderException extends Exception {
    private static final long serialVersionUID = 1L;

    MalformedHeaderException(String rule) {
        super(rule);
    }
}
