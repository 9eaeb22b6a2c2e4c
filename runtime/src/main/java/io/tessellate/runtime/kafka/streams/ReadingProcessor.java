package io.tessellate.runtime.kafka.streams;

import io.tessellate.runtime.kafka.RecordReader;
import io.tessellate.runtime.retry.Retry;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;

/**
 * Where a topology begins: decodes a source's bytes as every other reader does, so that no record ends a stream thread, and
 * waits while the schema registry is away.
 *
 * @param <V> value type of the source's topic
 * @param <O> type of the values it forwards
 */
public abstract class ReadingProcessor<V, O> implements Processor<byte[], byte[], String, O> {
    private final RecordReader<V> reader;
    private final Retry retry;
    private @Nullable ProcessorContext<String, O> context;

    /** A processor with a reader of its own. */
    protected ReadingProcessor(RecordReader<V> reader, Retry retry) {
        this.reader = reader;
        this.retry = retry;
    }

    /** Forwards what a record is for the topology, if anything. */
    protected abstract void process(ConsumerRecord<String, V> record, ProcessorContext<String, O> streams);

    @Override
    public final void init(ProcessorContext<String, O> streams) {
        context = streams;
    }

    @Override
    public final void process(Record<byte[], byte[]> input) {
        ProcessorContext<String, O> streams = context;
        if (streams == null) {
            throw new IllegalStateException("process before init");
        }
        RecordMetadata place = streams.recordMetadata()
                .orElseThrow(() -> new IllegalStateException("a source record has a topic and an offset"));
        ConsumerRecord<byte[], byte[]> raw = new ConsumerRecord<>(
                place.topic(),
                place.partition(),
                place.offset(),
                input.timestamp(),
                TimestampType.CREATE_TIME,
                ConsumerRecord.NULL_SIZE,
                ConsumerRecord.NULL_SIZE,
                input.key(),
                input.value(),
                input.headers(),
                java.util.Optional.empty());
        retry.call(() -> reader.read(raw)).ifPresent(record -> process(record, streams));
    }

    /** Leaves a record behind that could be decoded but is of no use. */
    protected final void passOver(ConsumerRecord<?, ?> record, RuntimeException why) {
        reader.passOver(record, why);
    }
}
