package io.tessellate.pipeline.check.topic;

/**
 * What was read, and where it lies.
 *
 * @param topic the topic
 * @param partition the partition
 * @param offset the offset
 * @param value what lies there
 * @param <V> type of the value
 */
public record Placed<V>(String topic, int partition, long offset, V value) {
    /** The place for people: topic, partition and offset. */
    public String place() {
        return "%s partition %d offset %d".formatted(topic, partition, offset);
    }

    /** Another value at the same place. */
    public <W> Placed<W> with(W other) {
        return new Placed<>(topic, partition, offset, other);
    }
}
