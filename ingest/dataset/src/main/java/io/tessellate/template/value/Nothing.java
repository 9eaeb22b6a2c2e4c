package io.tessellate.template.value;

/** Python's None. */
public enum Nothing {
    NONE
}
