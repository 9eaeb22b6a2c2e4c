package io.tessellate.dataset.log;

/**
 * A stretch of one partition of a task's topic.
 *
 * @param partition its number
 * @param from first offset
 * @param to offset after the last
 */
public record OffsetRange(int partition, long from, long to) {}
