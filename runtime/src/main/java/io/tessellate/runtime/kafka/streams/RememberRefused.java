package io.tessellate.runtime.kafka.streams;

import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.apache.kafka.streams.errors.ProductionExceptionHandler;

/** Tells {@link UnforeseenRecords} of a record that the broker refused, and lets the thread end. */
public final class RememberRefused implements ProductionExceptionHandler {
    private UnforeseenRecords records;

    /** Streams makes it by name. */
    public RememberRefused() {}

    @Override
    public void configure(Map<String, ?> configuration) {
        records = UnforeseenRecords.of(configuration);
    }

    @Override
    public Response handleError(ErrorHandlerContext context, ProducerRecord<byte[], byte[]> record, Exception failure) {
        records.remember(context, record.topic(), failure);
        return Response.fail();
    }
}
