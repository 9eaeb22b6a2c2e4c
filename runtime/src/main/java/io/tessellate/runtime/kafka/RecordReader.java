package io.tessellate.runtime.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.RetriableException;
import io.tessellate.error.TessellateException;
import io.tessellate.topic.SchemaRegistryFailures;
import io.tessellate.topic.Topic;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/**
 * Decodes the records of one topic, the same way for everyone who reads it: what cannot be decoded or used is passed over,
 * whatever it is; a schema registry that is away is not the record's fault. A tombstone is handed on where the topic may have
 * some. Not for several threads at once.
 *
 * @param <V> value type of the topic
 */
public final class RecordReader<V> {
    private final Topic<V> topic;
    private final Deserializer<V> values;
    private final PassedOver passedOver;

    /** A reader that takes note of what it passes over. */
    public RecordReader(Topic<V> topic, Deserializer<V> values, PassedOver passedOver) {
        this.topic = topic;
        this.values = values;
        this.passedOver = passedOver;
    }

    /** The topic it reads. */
    public Topic<V> topic() {
        return topic;
    }

    /**
     * The record with its key and value; nothing if it is passed over.
     *
     * @throws RetriableException while the schema registry is away
     * @throws TessellateException NOT_AUTHENTICATED if the schema registry refuses us
     */
    public Optional<ConsumerRecord<String, @Nullable V>> read(
            ConsumerRecord<byte @Nullable [], byte @Nullable []> raw) {
        try {
            V value = raw.value() == null ? null : values.deserialize(raw.topic(), raw.headers(), raw.value());
            String key = raw.key() == null ? null : new String(raw.key(), UTF_8);
            Optional<String> fault = topic.fault(key, value);
            if (fault.isEmpty()) {
                return Optional.of(decoded(raw, key, value));
            }
            passedOver.note(raw, fault.get());
        } catch (RuntimeException e) {
            requireRecordsFault(e);
            passedOver.note(raw, "it cannot be decoded: " + reason(e));
        } catch (StackOverflowError e) {
            passedOver.note(raw, "it cannot be decoded: its value is nested too deeply");
        }
        return Optional.empty();
    }

    /** Leaves a record behind that could be decoded but not handled. */
    public void passOver(ConsumerRecord<?, ?> record, RuntimeException why) {
        passedOver.note(record, "it cannot be handled: " + reason(why));
    }

    /** How many records of the topic this process has passed over. */
    public long passedOver() {
        return passedOver.count(topic.name());
    }

    private static <V> ConsumerRecord<String, @Nullable V> decoded(
            ConsumerRecord<byte @Nullable [], byte @Nullable []> raw, @Nullable String key, @Nullable V value) {
        return new ConsumerRecord<>(
                raw.topic(),
                raw.partition(),
                raw.offset(),
                raw.timestamp(),
                raw.timestampType(),
                raw.serializedKeySize(),
                raw.serializedValueSize(),
                key,
                value,
                raw.headers(),
                raw.leaderEpoch());
    }

    private static void requireRecordsFault(RuntimeException e) {
        if (SchemaRegistryFailures.mayPass(e)) {
            throw new RetriableException(
                    ErrorCode.UNAVAILABLE_DEPENDENCY, "the schema registry did not answer: " + reason(e), e);
        }
        if (SchemaRegistryFailures.isRefusal(e)) {
            throw new TessellateException(
                    ErrorCode.NOT_AUTHENTICATED, "the schema registry refused the credentials: " + reason(e), e);
        }
    }

    /** The innermost reason: what wraps it says only that something went wrong. */
    private static String reason(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        return root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
    }
}
