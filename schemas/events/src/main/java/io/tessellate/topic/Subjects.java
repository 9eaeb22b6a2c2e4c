package io.tessellate.topic;

import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.confluent.kafka.schemaregistry.avro.AvroSchemaUtils;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.RetriableException;
import io.tessellate.error.TessellateException;
import java.io.IOException;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificData;

/** The schemas of topics in the registry. */
final class Subjects {
    private static final int CONFLICT = 409;
    private static final int CLIENT_ERROR = 400;
    private static final int SERVER_ERROR = 500;

    private final SchemaRegistryClient registry;

    Subjects(SchemaRegistryClient registry) {
        this.registry = registry;
    }

    /** Sets the level first, so that an incompatible schema is refused. */
    void provision(Topic<?> topic) {
        try {
            registry.updateCompatibility(topic.subject(), topic.compatibility().name());
            register(topic.subject(), new AvroSchema(schemaOf(topic.valueType())));
        } catch (RestClientException e) {
            throw refused(topic, e);
        } catch (IOException e) {
            throw new RetriableException(
                    ErrorCode.UNAVAILABLE_DEPENDENCY, "the schema registry did not answer: " + e.getMessage(), e);
        }
    }

    /**
     * A call that took too long may have had its effect: its repetition, or another process's, then finds the subject there, which is no
     * conflict of schemas. Only what does not fit the others is one.
     */
    private void register(String subject, AvroSchema schema) throws IOException, RestClientException {
        try {
            registry.register(subject, schema);
        } catch (RestClientException e) {
            if (e.getStatus() != CONFLICT || !registry.testCompatibility(subject, schema)) {
                throw e;
            }
            registry.register(subject, schema);
        }
    }

    /** The schema as it is written to the registry: without properties only Java knows. */
    static Schema schemaOf(Class<?> valueType) {
        Object instance = SpecificData.newInstance(valueType, SpecificData.get().getSchema(valueType));
        return AvroSchemaUtils.getSchema(instance, false, false, true);
    }

    private static TessellateException refused(Topic<?> topic, RestClientException e) {
        boolean ours = e.getStatus() >= CLIENT_ERROR && e.getStatus() < SERVER_ERROR;
        String rule = e.getStatus() == CONFLICT ? " (not %s compatible)".formatted(topic.compatibility()) : "";
        return new TessellateException(
                ours ? ErrorCode.INVALID_CONFIGURATION : ErrorCode.UNAVAILABLE_DEPENDENCY,
                "the schema registry refused the schema of %s%s: %s".formatted(topic.subject(), rule, e.getMessage()),
                e);
    }
}
