package io.tessellate.dataset.log;

/**
 * What became of a dataset's records: read = accepted + dead-lettered + duplicates.
 *
 * @param read from the task's topic
 * @param accepted as examples
 * @param deadLettered put aside with a reason
 * @param duplicates whose id had been seen in the same split
 */
public record RecordCounts(long read, long accepted, long deadLettered, long duplicates) {}
