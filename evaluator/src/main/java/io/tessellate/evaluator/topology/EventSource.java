package io.tessellate.evaluator.topology;

import io.tessellate.error.TessellateException;
import io.tessellate.runtime.kafka.RecordReader;
import io.tessellate.runtime.kafka.streams.ReadingProcessor;
import io.tessellate.runtime.retry.Retry;
import java.util.Optional;
import java.util.function.Function;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/**
 * The events of one topic as what the processors behind it take; a record that cannot be read as that is passed over, which is logged
 * and counted, and one that is nothing to them goes no further.
 */
final class EventSource<V extends SpecificRecord> extends ReadingProcessor<V, Object> {
    private final Function<V, ? extends Optional<?>> value;

    EventSource(RecordReader<V> reader, Retry retry, Function<V, ? extends Optional<?>> value) {
        super(reader, retry);
        this.value = value;
    }

    @Override
    protected void process(ConsumerRecord<String, V> record, ProcessorContext<String, Object> streams) {
        read(record)
                .ifPresent(read ->
                        streams.forward(new Record<>(record.key(), read, record.timestamp(), record.headers())));
    }

    private Optional<?> read(ConsumerRecord<String, V> record) {
        try {
            return value.apply(record.value());
        } catch (TessellateException e) {
            passOver(record, e);
            return Optional.empty();
        }
    }
}
