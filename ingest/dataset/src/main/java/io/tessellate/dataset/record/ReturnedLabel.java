package io.tessellate.dataset.record;

import org.jspecify.annotations.Nullable;

/**
 * What was right for a record that a task was asked before.
 *
 * @param id what the record called itself
 * @param index number of the class or choice
 * @param name of the class
 * @param value real value
 * @param text the text that was wanted
 */
public record ReturnedLabel(
        String id,
        @Nullable Integer index,
        @Nullable String name,
        @Nullable Double value,
        @Nullable String text) {}
