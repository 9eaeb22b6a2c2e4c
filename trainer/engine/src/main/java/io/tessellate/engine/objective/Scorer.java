package io.tessellate.engine.objective;

import io.tessellate.engine.data.EncodedExample;
import io.tessellate.engine.metric.Measure;
import io.tessellate.engine.metric.Score;
import io.tessellate.engine.model.head.Head;
import io.tessellate.engine.model.weights.Weights;
import java.util.List;

/** Scores a task's examples on the weights of a model. The same weights give the same bits at every version. */
public interface Scorer {
    /**
     * How a task does on some examples.
     *
     * @param head the task's, or none
     */
    Score score(Weights weights, Head head, Measure measure, List<EncodedExample> examples);
}
