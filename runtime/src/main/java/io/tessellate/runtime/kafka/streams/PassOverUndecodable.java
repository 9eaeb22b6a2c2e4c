package io.tessellate.runtime.kafka.streams;

import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.streams.errors.DeserializationExceptionHandler;
import org.apache.kafka.streams.errors.ErrorHandlerContext;

/** Asks {@link UnforeseenRecords} about bytes that cannot be decoded. */
public final class PassOverUndecodable implements DeserializationExceptionHandler {
    private UnforeseenRecords records;

    /** Streams makes it by name. */
    public PassOverUndecodable() {}

    @Override
    public void configure(Map<String, ?> configuration) {
        records = UnforeseenRecords.of(configuration);
    }

    @Override
    public Response handleError(ErrorHandlerContext context, ConsumerRecord<byte[], byte[]> record, Exception failure) {
        List<ProducerRecord<byte[], byte[]>> letters = records.passOver(context, failure);
        return letters == null ? Response.fail() : Response.resume(letters);
    }
}
