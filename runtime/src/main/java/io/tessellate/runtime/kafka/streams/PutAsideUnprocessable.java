package io.tessellate.runtime.kafka.streams;

import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.apache.kafka.streams.errors.ProcessingExceptionHandler;
import org.apache.kafka.streams.processor.api.Record;

/** Asks {@link UnforeseenRecords} about a record whose processing fails. */
public final class PutAsideUnprocessable implements ProcessingExceptionHandler {
    private UnforeseenRecords records;

    /** Streams makes it by name. */
    public PutAsideUnprocessable() {}

    @Override
    public void configure(Map<String, ?> configuration) {
        records = UnforeseenRecords.of(configuration);
    }

    @Override
    public Response handleError(ErrorHandlerContext context, Record<?, ?> record, Exception failure) {
        List<ProducerRecord<byte[], byte[]>> letters = records.putAside(context, failure);
        return letters == null ? Response.fail() : Response.resume(letters);
    }
}
