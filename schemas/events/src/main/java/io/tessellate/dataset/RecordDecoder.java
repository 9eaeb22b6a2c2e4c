package io.tessellate.dataset;

import static io.confluent.kafka.serializers.AbstractKafkaSchemaSerDeConfig.SCHEMA_REGISTRY_URL_CONFIG;
import static io.confluent.kafka.serializers.KafkaAvroDeserializerConfig.SPECIFIC_AVRO_READER_CONFIG;

import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import io.confluent.kafka.serializers.KafkaAvroDeserializer;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.RetriableException;
import io.tessellate.error.TessellateException;
import io.tessellate.topic.TrustedEvents;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/**
 * Bytes in Confluent's wire format to an Avro record, whatever schema the producer used.
 *
 * <p>A failure is either the record's (UNDECODABLE: it will never be readable) or the registry's
 * (retriable: UNAVAILABLE_DEPENDENCY). To tell them apart the writer's schema is asked for first: once it is in the
 * client's cache, whatever goes wrong is the record's fault. Not thread-safe.
 */
public final class RecordDecoder {
    static {
        TrustedEvents.install();
    }

    private static final int HEADER_BYTES = 1 + Integer.BYTES;
    private static final int NOT_FOUND = 404;
    private static final int REMEMBERED = 200;

    private final SchemaRegistryClient registry;
    private final Set<Integer> fetched = new HashSet<>();
    private final KafkaAvroDeserializer generic;
    private final KafkaAvroDeserializer specific;

    /** A decoder that fetches writers' schemas by this client. */
    public RecordDecoder(SchemaRegistryClient registry) {
        this.registry = registry;
        this.generic = deserializer(registry, false);
        this.specific = deserializer(registry, true);
    }

    private static KafkaAvroDeserializer deserializer(SchemaRegistryClient registry, boolean specific) {
        return new KafkaAvroDeserializer(
                registry,
                Map.of(SCHEMA_REGISTRY_URL_CONFIG, "unused, a client is given", SPECIFIC_AVRO_READER_CONFIG, specific));
    }

    /**
     * The record in a topic's bytes.
     *
     * @throws TessellateException UNDECODABLE or UNAVAILABLE_DEPENDENCY
     */
    public GenericRecord decode(String topic, byte @Nullable [] bytes) {
        byte[] present = withKnownSchema(bytes);
        try {
            if (generic.deserialize(topic, present) instanceof GenericRecord decoded) {
                return decoded;
            }
        } catch (KafkaException | AvroRuntimeException | IllegalStateException | IllegalArgumentException e) {
            throw failure(present, e);
        } catch (StackOverflowError e) {
            throw new TessellateException(ErrorCode.UNDECODABLE, "the value is nested too deeply", e);
        }
        throw new TessellateException(ErrorCode.UNDECODABLE, "the value's schema is no record");
    }

    /**
     * The event in a topic's bytes, read with our own schema.
     *
     * @throws TessellateException UNDECODABLE or UNAVAILABLE_DEPENDENCY
     */
    public <V extends SpecificRecord> V decode(String topic, byte @Nullable [] bytes, Class<V> type) {
        byte[] present = withKnownSchema(bytes);
        try {
            return type.cast(
                    specific.deserialize(topic, present, SpecificData.get().getSchema(type)));
        } catch (KafkaException
                | AvroRuntimeException
                | ClassCastException
                | IllegalStateException
                | IllegalArgumentException e) {
            throw failure(present, e);
        }
    }

    private byte[] withKnownSchema(byte @Nullable [] bytes) {
        if (bytes == null) {
            throw new TessellateException(ErrorCode.UNDECODABLE, "the record has no value");
        }
        if (bytes.length < HEADER_BYTES || bytes[0] != 0) {
            throw new TessellateException(
                    ErrorCode.UNDECODABLE, "the value does not begin with Confluent's header: 0 and a schema id");
        }
        int id = schemaId(bytes);
        if (!fetched.contains(id)) {
            fetch(id);
        }
        return bytes;
    }

    private static int schemaId(byte[] bytes) {
        return ByteBuffer.wrap(bytes, 1, Integer.BYTES).getInt();
    }

    /** The record's fault, unless the registry turns out to be away just now. */
    private TessellateException failure(byte[] bytes, RuntimeException e) {
        fetch(schemaId(bytes));
        Throwable reason = e.getCause() == null ? e : e.getCause();
        return new TessellateException(
                ErrorCode.UNDECODABLE, "the value does not follow its schema: " + reason.getMessage(), e);
    }

    /** The client caches more schemas than we remember here, and forgets the oldest first. */
    private void fetch(int id) {
        try {
            registry.getSchemaById(id);
        } catch (RestClientException e) {
            throw e.getStatus() == NOT_FOUND
                    ? new TessellateException(ErrorCode.UNDECODABLE, "the registry knows no schema " + id, e)
                    : unavailable(e);
        } catch (IOException e) {
            throw unavailable(e);
        }
        if (fetched.size() == REMEMBERED) {
            fetched.clear();
        }
        fetched.add(id);
    }

    private static RetriableException unavailable(Exception e) {
        return new RetriableException(
                ErrorCode.UNAVAILABLE_DEPENDENCY, "the schema registry did not answer: " + e.getMessage(), e);
    }
}
