package io.tessellate.pipeline.report;

import io.tessellate.error.TessellateException;
import java.util.Optional;

/** An answer of the command line. */
public interface Report {
    /** What {@code --output json} prints: records, maps, lists, numbers, texts and null. */
    Object json();

    /** What {@code --output table} prints; ends with a line break. */
    String text();

    /** What is wrong with the thing it is about, for which the command fails after it has printed; usually nothing. */
    default Optional<TessellateException> failure() {
        return Optional.empty();
    }
}
