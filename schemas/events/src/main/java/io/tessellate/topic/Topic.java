package io.tessellate.topic;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/**
 * One topic: its name, what it holds and how it is kept. Keys are strings.
 *
 * @param name full name, prefix included
 * @param key what its keys name
 * @param valueType generated Avro class of the values, or {@code byte[]} where bytes are passed on as they came
 * @param partitions how many partitions it is created with
 * @param cleanup what happens to old records
 * @param compatibility how its schema may change
 * @param <V> type of the values
 */
public record Topic<V>(
        String name, TopicKey key, Class<V> valueType, int partitions, Cleanup cleanup, Compatibility compatibility) {
    private static final int LARGEST_RECORD_BYTES = 16 << 20;

    public Topic {
        if (partitions < 1) {
            throw new IllegalArgumentException("topic %s needs a partition: %d".formatted(name, partitions));
        }
    }

    /** A topic whose keys are not relied on. */
    public Topic(String name, Class<V> valueType, int partitions, Cleanup cleanup, Compatibility compatibility) {
        this(name, TopicKey.ANY, valueType, partitions, cleanup, compatibility);
    }

    /**
     * Why no reader can use a record of this topic although its value can be decoded, if that is so: no key or one that names
     * nothing, a value about something else, no value where none may be missing, or no event of a known kind.
     */
    public Optional<String> fault(@Nullable String recordKey, @Nullable V value) {
        if (value == null) {
            return hasSchema() && !cleanup.compacted() ? Optional.of("it has no value") : Optional.empty();
        }
        Optional<String> misplaced = key.fault(recordKey, value);
        return misplaced.isPresent() || !(value instanceof SpecificRecord event) ? misplaced : Envelope.fault(event);
    }

    /** The subject its schema is registered under (TopicNameStrategy). */
    public String subject() {
        return name + "-value";
    }

    /** The broker's settings for it. Where bytes are passed on as they came, there is room for those of any other topic. */
    public Map<String, String> config() {
        Map<String, String> config = new HashMap<>(cleanup.topicConfig());
        if (!hasSchema()) {
            config.put("max.message.bytes", Integer.toString(LARGEST_RECORD_BYTES));
        }
        return config;
    }

    /** Whether its values follow a schema; else they are plain bytes. */
    public boolean hasSchema() {
        return SpecificRecord.class.isAssignableFrom(valueType);
    }
}
