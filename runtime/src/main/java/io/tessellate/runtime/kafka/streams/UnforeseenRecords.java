package io.tessellate.runtime.kafka.streams;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a Streams application does with a record that nobody foresaw, behind all that its processors do themselves. Bytes that
 * cannot be decoded are logged, counted and passed over. A record whose processing fails is passed over too if the application
 * can put it aside, else it stops the thread. A record of which something is to be written that the broker refuses stops the
 * thread once, since a transaction with a refused record cannot be committed; its place is remembered, so that the processors
 * put it aside when it comes again ({@link #refused}).
 */
public final class UnforeseenRecords {
    /** Key of the Streams configuration under which the handlers find their application's. */
    static final String CONFIGURATION = "tessellate.unforeseen.records";

    private static final Logger LOG = LoggerFactory.getLogger(UnforeseenRecords.class);

    private final Letters letters;
    private final MeterRegistry meters;
    private final Map<Place, String> refused = new ConcurrentHashMap<>();

    private record Place(TopicPartition partition, long offset) {}

    /** Makes what is written instead of a record that is put aside. */
    @FunctionalInterface
    public interface Letters {
        /** The records to write; null if the application cannot go on without this one. */
        @Nullable
        List<ProducerRecord<byte[], byte[]>> of(ErrorHandlerContext context, Exception failure);
    }

    /** For an application that puts records aside. */
    public UnforeseenRecords(Letters letters, MeterRegistry meters) {
        this.letters = letters;
        this.meters = meters;
    }

    /** For an application whose records build on each other, so that none can be left out. */
    static UnforeseenRecords inOrder(MeterRegistry meters) {
        return new UnforeseenRecords((context, failure) -> null, meters);
    }

    /** Why the broker refused what was written of a record when it was here before; empty for all others. */
    public Optional<String> refused(RecordMetadata source) {
        return refused.isEmpty()
                ? Optional.empty()
                : Optional.ofNullable(refused.get(
                        new Place(new TopicPartition(source.topic(), source.partition()), source.offset())));
    }

    static UnforeseenRecords of(Map<String, ?> configuration) {
        if (configuration.get(CONFIGURATION) instanceof UnforeseenRecords records) {
            return records;
        }
        throw new IllegalStateException(CONFIGURATION + " must be set where its handlers are");
    }

    /** What is written instead of bytes that are passed over, if anything; null if they may be decodable later. */
    @Nullable
    List<ProducerRecord<byte[], byte[]>> passOver(ErrorHandlerContext context, Exception failure) {
        if (FailureChain.mayPass(failure)) {
            return null;
        }
        count(context.topic());
        LOG.error(
                "{} partition {} offset {} cannot be decoded, passed over: {}",
                context.topic(),
                context.partition(),
                context.offset(),
                FailureChain.innermost(failure).toString());
        List<ProducerRecord<byte[], byte[]>> written = letters.of(context, failure);
        return written == null ? List.of() : written;
    }

    /** What is written instead of a record; null if it must stop the thread. */
    @Nullable
    List<ProducerRecord<byte[], byte[]>> putAside(ErrorHandlerContext context, Exception failure) {
        if (failure instanceof KafkaException || FailureChain.mayPass(failure) || context.topic() == null) {
            return null;
        }
        List<ProducerRecord<byte[], byte[]>> written = letters.of(context, failure);
        if (written != null) {
            count(context.topic());
            LOG.error(
                    "{} partition {} offset {} is put aside, {} has a defect",
                    context.topic(),
                    context.partition(),
                    context.offset(),
                    context.processorNodeId(),
                    failure);
        }
        return written;
    }

    /** Remembers the place of a record if the broker will never take what is written of it. */
    void remember(ErrorHandlerContext context, String target, Exception failure) {
        boolean forGood = failure instanceof RecordTooLargeException
                || failure instanceof RecordBatchTooLargeException
                || failure instanceof InvalidRecordException;
        if (context.topic() != null && forGood) {
            String reason = "%s refused what was written of it: %s".formatted(target, failure.getMessage());
            var place = new Place(new TopicPartition(context.topic(), context.partition()), context.offset());
            refused.put(place, reason);
            LOG.error("{} offset {}: {}", place.partition(), place.offset(), reason);
        }
    }

    private void count(String topic) {
        meters.counter("tessellate.records.passed.over", "topic", topic).increment();
    }
}
