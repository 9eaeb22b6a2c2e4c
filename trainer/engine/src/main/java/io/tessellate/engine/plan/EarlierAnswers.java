package io.tessellate.engine.plan;

import io.tessellate.engine.recipe.Phase;
import io.tessellate.engine.recipe.Recipe;

/**
 * What the views of earlier tasks are asked before a training, kept as rows of logits until it ends.
 *
 * @param recipe says how much is replayed and distilled
 * @param lengths the examples
 */
record EarlierAnswers(Recipe recipe, RunLengths lengths) {
    /** A row in a map by its place. */
    private static final long ENTRY = 88;

    /** Bytes of all rows on the heap. */
    long bytes() {
        long remembered = lengths.earlier().stream()
                .mapToLong(task -> task.asked().size() * row(task.outputs()))
                .sum();
        return remembered
                + distilled(recipe.replay().distillShare())
                + distilled(recipe.replay().pseudoShare());
    }

    /** What is drawn of inputs of one kind, once for each task however often it is drawn. */
    private long distilled(double share) {
        long inputs = lengths.batches().values().stream()
                .mapToLong(RunLengths.SeenBatches::inputs)
                .sum();
        int outputs = lengths.earlier().stream()
                .mapToInt(RunLengths.Remembered::outputs)
                .max()
                .orElse(0);
        double drawn = Math.ceil(share * inputs);
        long most = lengths.earlierHeads() * lengths.examples();
        return ((long) Math.min(drawn, most)) * row(outputs);
    }

    /** Random inputs in tokens, as many as a view is asked about: they are made for that and kept no longer. */
    long inputs() {
        RunLengths.SeenBatches seen = lengths.seen(Phase.TRAIN);
        double drawn = Math.ceil(recipe.replay().pseudoShare() * seen.inputs());
        long count = lengths.earlierHeads() == 0 ? 0 : (long) Math.min(drawn, lengths.examples());
        int longest =
                seen.examples().stream().mapToInt(example -> example[0]).max().orElse(0);
        return count * RunLengths.bytes(new int[] {longest});
    }

    private static long row(int outputs) {
        return ENTRY + (long) Float.BYTES * outputs;
    }
}
