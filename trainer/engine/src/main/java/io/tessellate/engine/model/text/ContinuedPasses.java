package io.tessellate.engine.model.text;

import io.tessellate.engine.model.batch.Batch;
import io.tessellate.engine.model.batch.TokenSequence;
import io.tessellate.engine.model.pass.KeyValueCache;
import io.tessellate.engine.model.weights.Weights;
import java.util.List;
import java.util.stream.IntStream;

/** The passes by which texts are continued; logits are [sequences x vocabulary]. */
interface ContinuedPasses {
    /** Logits after whole sequences, those that the cache holds from now on. */
    float[] all(List<TokenSequence> sequences, KeyValueCache cache);

    /** Logits after one more token of each sequence that the cache holds. */
    float[] next(int[] ids, int[] positions, KeyValueCache cache);

    /** How many rows a pass has at least, some of them idle. */
    int least();

    /** All that is asked for goes through the model at once. */
    record AtOnce(LanguageModel model, Weights weights) implements ContinuedPasses {
        @Override
        public float[] all(List<TokenSequence> sequences, KeyValueCache cache) {
            int[] places = IntStream.range(0, sequences.size()).toArray();
            return model.promptLogits(weights, Batch.of(sequences, model.config()), cache, places, places);
        }

        @Override
        public float[] next(int[] ids, int[] positions, KeyValueCache cache) {
            return model.nextLogits(weights, ids, positions, cache);
        }

        @Override
        public int least() {
            return 1;
        }
    }
}
