package io.tessellate.evaluator.topology;

import io.tessellate.runtime.kafka.RecordReader;
import io.tessellate.runtime.kafka.streams.ReadingProcessor;
import io.tessellate.runtime.retry.Retry;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/** The events of one topic, as they are. */
final class EventSource<V extends SpecificRecord> extends ReadingProcessor<V, SpecificRecord> {
    EventSource(RecordReader<V> reader, Retry retry) {
        super(reader, retry);
    }

    @Override
    protected void process(ConsumerRecord<String, V> record, ProcessorContext<String, SpecificRecord> streams) {
        streams.forward(new Record<>(record.key(), record.value(), record.timestamp(), record.headers()));
    }
}
