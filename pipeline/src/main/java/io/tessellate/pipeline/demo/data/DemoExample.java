package io.tessellate.pipeline.demo.data;

import org.jspecify.annotations.Nullable;

/** One generated example: a text, the second text of a pair task, and the number of its label. */
public record DemoExample(String text, @Nullable String textPair, int label) {
    static DemoExample of(String text, int label) {
        return new DemoExample(text, null, label);
    }
}
