package io.tessellate.pipeline.reproduce;

/** What came of training a run again. */
public enum Reproducibility {
    /** The same weights and head, to the last bit. */
    SAME("same"),
    /** Others, though nothing was different. */
    DIFFERENT("different"),
    /** Others, on another kind of machine than that of then, where nothing else is promised. */
    OTHER_MACHINE("other-machine"),
    /** Nothing: what it was given then is gone or is something else now, or the training failed. */
    NOT_TRAINED("not-trained");

    private final String label;

    Reproducibility(String label) {
        this.label = label;
    }

    /** As people and scripts read it. */
    public String label() {
        return label;
    }

    /** Whether nothing speaks against the promise that the same input gives the same weights. */
    public boolean sound() {
        return this == SAME || this == OTHER_MACHINE;
    }
}
