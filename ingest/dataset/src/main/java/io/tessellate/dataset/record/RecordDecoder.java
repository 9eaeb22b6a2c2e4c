package io.tessellate.dataset.record;

import static io.confluent.kafka.serializers.AbstractKafkaSchemaSerDeConfig.SCHEMA_REGISTRY_URL_CONFIG;
import static io.confluent.kafka.serializers.KafkaAvroDeserializerConfig.SPECIFIC_AVRO_READER_CONFIG;

import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import io.confluent.kafka.serializers.KafkaAvroDeserializer;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.RetriableException;
import io.tessellate.error.TessellateException;
import io.tessellate.topic.SchemaRegistryFailures;
import io.tessellate.topic.TrustedEvents;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
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

    /** How the client says that it has no parser for a schema. */
    private static final Pattern FOREIGN_TYPE = Pattern.compile("Invalid schema type (\\w+)");

    private final SchemaRegistryClient registry;
    private final Set<Integer> fetched = new HashSet<>();
    private final Map<Integer, String> unusable = new HashMap<>();
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
     * @throws TessellateException UNDECODABLE
     * @throws RetriableException UNAVAILABLE_DEPENDENCY
     */
    public GenericRecord decode(String topic, byte @Nullable [] bytes) {
        byte[] present = withKnownSchema(bytes);
        if (decoded(present, () -> generic.deserialize(topic, present)) instanceof GenericRecord decoded) {
            return decoded;
        }
        throw new TessellateException(ErrorCode.UNDECODABLE, "the value's schema is no record");
    }

    /**
     * The event in a topic's bytes, read with our own schema.
     *
     * @throws TessellateException UNDECODABLE
     * @throws RetriableException UNAVAILABLE_DEPENDENCY
     */
    public <V extends SpecificRecord> V decode(String topic, byte @Nullable [] bytes, Class<V> type) {
        byte[] present = withKnownSchema(bytes);
        return decoded(
                present,
                () -> type.cast(
                        specific.deserialize(topic, present, SpecificData.get().getSchema(type))));
    }

    /** Bytes can break a decoder in more ways than it has exceptions for; all of them are the record's fault. */
    private <T> T decoded(byte[] bytes, Supplier<T> decoding) {
        try {
            return decoding.get();
        } catch (StackOverflowError e) {
            throw new TessellateException(ErrorCode.UNDECODABLE, "the value is nested too deeply", e);
        } catch (RuntimeException e) {
            throw failure(bytes, e);
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

    /**
     * The record's fault, unless the registry turns out to be away just now. The deserializer asks it once more for every topic, by
     * subject and id: that the schema is known by its id alone says nothing about that answer.
     */
    private TessellateException failure(byte[] bytes, RuntimeException e) {
        if (notTheRecords(e)) {
            throw unavailable(e);
        }
        fetch(schemaId(bytes));
        return new TessellateException(
                ErrorCode.UNDECODABLE, "the value does not follow its schema, of id " + schemaId(bytes), e);
    }

    /** A record that is cut off ends in an IOException too, so that it takes one of the network, or an answer that blames the registry or us. */
    private static boolean notTheRecords(Throwable failure) {
        return SchemaRegistryFailures.mayPass(failure) || SchemaRegistryFailures.isRefusal(failure);
    }

    /** The client caches more schemas than we remember here, and forgets the oldest first. */
    private void fetch(int id) {
        String known = unusable.get(id);
        if (known != null) {
            throw new TessellateException(ErrorCode.UNDECODABLE, known);
        }
        try {
            registry.getSchemaById(id);
        } catch (RestClientException e) {
            throw e.getStatus() == NOT_FOUND
                    ? new TessellateException(ErrorCode.UNDECODABLE, "the registry knows no schema " + id, e)
                    : unavailable(e);
        } catch (IOException e) {
            throw unavailable(e);
        } catch (RuntimeException e) {
            throw notTheRecords(e) ? unavailable(e) : unusable(id, e);
        }
        if (fetched.size() == REMEMBERED) {
            fetched.clear();
        }
        fetched.add(id);
    }

    /** The client parses what it fetched, and asks again each time when it could not; here it is asked once. */
    private TessellateException unusable(int id, RuntimeException e) {
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        Matcher type = FOREIGN_TYPE.matcher(String.valueOf(root.getMessage()));
        String reason = type.find()
                ? "schema %d is of type %s, needed is AVRO".formatted(id, type.group(1))
                : "schema %d cannot be parsed: %s".formatted(id, root.getMessage());
        if (unusable.size() == REMEMBERED) {
            unusable.clear();
        }
        unusable.put(id, reason);
        return new TessellateException(ErrorCode.UNDECODABLE, reason, e);
    }

    private static RetriableException unavailable(Exception e) {
        return new RetriableException(
                ErrorCode.UNAVAILABLE_DEPENDENCY, "the schema registry did not answer: " + e.getMessage(), e);
    }
}
