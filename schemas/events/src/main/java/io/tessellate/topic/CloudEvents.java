package io.tessellate.topic;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Locale;
import java.util.UUID;
import org.apache.avro.Schema;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.header.Headers;

/**
 * CloudEvents 1.0 attributes as record headers (Kafka binding, binary mode).
 *
 * @param source who writes, for example {@code tessellate/ingest}
 */
public record CloudEvents(String source) {
    static {
        TrustedEvents.install();
    }

    private static final String TYPE_PREFIX = "io.tessellate.";

    /**
     * Adds the attributes of an event to its record. The id follows from source and content, so an event written twice
     * carries the same id.
     *
     * @param headers of the record to be written
     * @param event its value
     * @param subject what the event is about, for example {@code glue/sst2}
     * @param at when it happened
     */
    public void stamp(Headers headers, SpecificRecord event, String subject, Instant at) {
        put(headers, "ce_specversion", "1.0");
        put(headers, "ce_id", id(event).toString());
        put(headers, "ce_source", source);
        put(headers, "ce_type", type(event));
        put(headers, "ce_subject", subject);
        put(headers, "ce_time", at.toString());
        put(headers, "content-type", "application/avro");
    }

    /** Type of an event: its record name, and for an envelope the name of the variant that is set. */
    public static String type(SpecificRecord event) {
        Schema schema = event.getSchema();
        String name = schema.getName();
        for (Schema.Field field : schema.getFields()) {
            if (isVariant(field.schema()) && event.get(field.pos()) instanceof SpecificRecord variant) {
                name = variant.getSchema().getName();
                break;
            }
        }
        return TYPE_PREFIX + name.replaceAll("(?<=[a-z0-9])(?=[A-Z])", "-").toLowerCase(Locale.ROOT);
    }

    private static boolean isVariant(Schema schema) {
        return schema.isUnion()
                && schema.getTypes().size() == 2
                && schema.getTypes().get(1).getType() == Schema.Type.RECORD;
    }

    private UUID id(SpecificRecord event) {
        var bytes = new ByteArrayOutputStream();
        bytes.writeBytes(source.getBytes(UTF_8));
        var encoder = EncoderFactory.get().directBinaryEncoder(bytes, null);
        try {
            new SpecificDatumWriter<SpecificRecord>(event.getSchema()).write(event, encoder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return UUID.nameUUIDFromBytes(bytes.toByteArray());
    }

    private static void put(Headers headers, String key, String value) {
        headers.remove(key);
        headers.add(key, value.getBytes(UTF_8));
    }
}
