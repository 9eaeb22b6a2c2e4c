package io.tessellate.engine.answer;

import io.tessellate.engine.data.EncodedExample;
import io.tessellate.engine.model.batch.Batch;
import io.tessellate.engine.model.config.ModelConfig;
import java.util.List;

/**
 * The shape of a padded batch, from which follows in what order its sums are added.
 *
 * @param examples in the batch
 * @param sequences of each example
 * @param length they are padded to
 */
record BatchShape(int examples, int sequences, int length) {
    /** The shape of examples that have as many sequences, padded alike. */
    static BatchShape of(List<EncodedExample> examples, ModelConfig config) {
        EncodedExample first = examples.get(0);
        int[] lengths = {
            examples.stream().mapToInt(EncodedExample::length).max().orElseThrow()
        };
        return new BatchShape(examples.size(), first.sequences().size(), Batch.paddedLength(lengths, config));
    }

    /** The shape of an example by itself. */
    static BatchShape alone(EncodedExample example, ModelConfig config) {
        return of(List.of(example), config);
    }

    /** Tokens, padding included. */
    long tokens() {
        return (long) examples * sequences * length;
    }
}
