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
            registry.register(topic.subject(), new AvroSchema(schemaOf(topic.valueType())));
        } catch (RestClientException e) {
            throw refused(topic, e);
        } catch (IOException e) {
            throw new RetriableException(
                    ErrorCode.UNAVAILABLE_DEPENDENCY, "the schema registry did not answer: " + e.getMessage(), e);
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
