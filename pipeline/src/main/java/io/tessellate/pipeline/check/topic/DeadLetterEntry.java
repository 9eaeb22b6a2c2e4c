package io.tessellate.pipeline.check.topic;

/**
 * A record that was put aside.
 *
 * @param task task as {@code model/task}
 * @param code code from the error table
 * @param topic topic it came from
 * @param partition partition it came from
 * @param offset its offset there
 */
public record DeadLetterEntry(String task, String code, String topic, int partition, long offset) {}
