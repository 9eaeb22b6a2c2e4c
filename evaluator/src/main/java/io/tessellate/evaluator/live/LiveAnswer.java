package io.tessellate.evaluator.live;

import io.tessellate.evaluator.matrix.View;
import org.jspecify.annotations.Nullable;

/**
 * What one view of a task at one version answered.
 *
 * @param index number of the class or choice
 * @param label name of the class
 * @param value real value
 * @param text generated text
 */
record LiveAnswer(
        View view,
        int version,
        @Nullable Integer index,
        @Nullable String label,
        @Nullable Double value,
        @Nullable String text) {
    boolean isBy(LiveAnswer other) {
        return view == other.view && version == other.version;
    }
}
