package io.tessellate.engine.train.gradient;

import io.tessellate.engine.data.EncodedExample;
import io.tessellate.engine.model.head.Head;
import io.tessellate.engine.objective.Learner;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Examples in batches, and what they go through.
 *
 * @param head stays as it is
 * @param batches positions of examples that go through the model together
 */
record ExampleBatches(List<EncodedExample> examples, Learner learner, Head head, List<int[]> batches) {
    /** Examples in their order, so many at a time. */
    static ExampleBatches inOrder(List<EncodedExample> examples, Learner learner, Head head, int batchSize) {
        int count = examples.size();
        List<int[]> batches = IntStream.iterate(0, from -> from < count, from -> from + batchSize)
                .mapToObj(from ->
                        IntStream.range(from, Math.min(count, from + batchSize)).toArray())
                .toList();
        return new ExampleBatches(examples, learner, head, batches);
    }
}
