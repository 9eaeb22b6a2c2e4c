package io.tessellate.evaluator.verdict;

import io.tessellate.engine.metric.Outcomes;
import io.tessellate.id.Sha256;

/** Where the predictions of a scored cell lie. */
@FunctionalInterface
public interface OutcomeSource {
    /**
     * What was predicted of every example, and what was right.
     *
     * @param metric name of the metric
     * @throws io.tessellate.error.TessellateException if the file is gone, damaged, or of a version that did not write what was right
     */
    Outcomes of(Sha256 hits, String metric);
}
