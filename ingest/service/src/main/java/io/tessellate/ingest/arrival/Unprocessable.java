package io.tessellate.ingest.arrival;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.id.TaskId;
import io.tessellate.runtime.kafka.streams.UnforeseenRecords;
import io.tessellate.topic.TopicCatalogue;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.jspecify.annotations.Nullable;

/** Dead letters for what Streams could not do with a record, behind all that the topology decides itself. */
public record Unprocessable(TopicCatalogue topics) implements UnforeseenRecords.Letters {
    @Override
    public List<ProducerRecord<byte[], byte[]>> of(ErrorHandlerContext context, Exception failure) {
        Arrival arrival = arrival(context);
        String task = task(context, arrival);
        DeadLetter letter = DeadLetter.of(task, arrival, ErrorCode.DEFECT, "nobody foresaw this record: " + failure);
        return List.of(new ProducerRecord<>(
                topics.deadLetters().name(), null, task.getBytes(UTF_8), letter.value(), letter.headers()));
    }

    /** The record as it came from its producer, also where it was already on its way between our own topics. */
    private static Arrival arrival(ErrorHandlerContext context) {
        byte[] value = context.sourceRawValue();
        try {
            if (value != null && context.topic().endsWith("-repartition")) {
                return ArrivalSerde.read(value);
            }
        } catch (SerializationException e) {
            return asItLies(context, value);
        }
        return asItLies(context, value);
    }

    private static Arrival asItLies(ErrorHandlerContext context, byte @Nullable [] value) {
        return new Arrival(
                Arrival.Kind.RECORD,
                context.topic(),
                new SourcePosition(context.partition(), context.offset()),
                context.timestamp(),
                0,
                context.headers() == null ? new RecordHeaders() : context.headers(),
                context.sourceRawKey(),
                value);
    }

    private String task(ErrorHandlerContext context, Arrival arrival) {
        byte[] key = context.sourceRawKey();
        return topics.names().taskOf(arrival.topic()).map(TaskId::toString).orElseGet(() -> {
            try {
                return key == null
                        ? Router.UNADDRESSED
                        : TaskId.parse(new String(key, UTF_8)).toString();
            } catch (TessellateException e) {
                return Router.UNADDRESSED;
            }
        });
    }
}
