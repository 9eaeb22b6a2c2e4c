package io.tessellate.evaluator.view;

/**
 * What became of a task's records: read = accepted + deadLettered + duplicates.
 *
 * @param read records read from the task's topic
 * @param accepted records that are examples of the dataset
 * @param deadLettered records put aside with a reason
 * @param duplicates records whose id had been seen in the same split
 */
public record Counts(long read, long accepted, long deadLettered, long duplicates) {
    /** Nothing counted yet. */
    public static final Counts NONE = new Counts(0, 0, 0, 0);
}
