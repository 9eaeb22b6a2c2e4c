package io.tessellate.engine.plan;

import io.tessellate.engine.recipe.Recipe;
import java.util.List;

/**
 * What the views of earlier tasks are asked before a training, kept as rows of logits until it ends.
 *
 * @param recipe says how much is replayed and distilled
 * @param lengths the examples
 */
record EarlierAnswers(Recipe recipe, RunLengths lengths) {
    /** A row in a map by its place. */
    private static final long ENTRY = 88;

    /** Bytes of all rows on the heap; of own inputs each is drawn for one task a step, and none twice for the same. */
    long bytes() {
        long remembered = lengths.earlier().stream()
                .mapToLong(task -> task.asked().size() * row(task.outputs()))
                .sum();
        return remembered + distilled();
    }

    private long distilled() {
        double share = recipe.replay().distillShare();
        if (share == 0 || !lengths.hasEarlierHead()) {
            return 0;
        }
        long inputs = lengths.batches().values().stream()
                .flatMap(List::stream)
                .mapToLong(List::size)
                .sum();
        int outputs = lengths.earlier().stream()
                .mapToInt(RunLengths.Remembered::outputs)
                .max()
                .orElse(0);
        return (long) Math.ceil(share * inputs) * row(outputs);
    }

    private static long row(int outputs) {
        return ENTRY + (long) Float.BYTES * outputs;
    }
}
