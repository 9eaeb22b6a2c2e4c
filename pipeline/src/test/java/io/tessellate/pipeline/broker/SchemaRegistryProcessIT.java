package io.tessellate.pipeline.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.confluent.kafka.schemaregistry.client.CachedSchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import io.tessellate.error.TessellateException;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SchemaRegistryProcessIT {
    private static final AvroSchema ONE_FIELD =
            new AvroSchema("{\"type\":\"record\",\"name\":\"A\",\"fields\":[{\"name\":\"x\",\"type\":\"int\"}]}");
    private static final AvroSchema OTHER_TYPE =
            new AvroSchema("{\"type\":\"record\",\"name\":\"A\",\"fields\":[{\"name\":\"x\",\"type\":\"string\"}]}");

    @TempDir
    Path data;

    @Test
    void schemasSurviveARestartAndAnIncompatibleOneIsRefused() throws Exception {
        Path home = home();
        int id;
        try (SchemaRegistryProcess registry = registry(home)) {
            registry.start();
            try (var client = new CachedSchemaRegistryClient(registry.url(), 10)) {
                id = client.register("a-value", ONE_FIELD);
                assertThatThrownBy(() -> client.register("a-value", OTHER_TYPE))
                        .isInstanceOf(RestClientException.class);
            }
        }
        // Never closed, as after a kill: its process is still there when the next one starts.
        SchemaRegistryProcess orphaned = registry(home);
        orphaned.start();
        try (SchemaRegistryProcess registry = registry(home)) {
            registry.start();
            assertThat(orphaned.health().live()).isFalse();
            try (var client = new CachedSchemaRegistryClient(registry.url(), 10)) {
                assertThat(client.getSchemaById(id)).isEqualTo(ONE_FIELD);
            }
        }
    }

    @Test
    void aHomeWithoutARegistryIsNamed() {
        try (SchemaRegistryProcess registry = registry(data)) {
            assertThatThrownBy(registry::start)
                    .isInstanceOf(TessellateException.class)
                    .hasMessageContaining("no schema registry in " + data);
        }
    }

    private SchemaRegistryProcess registry(Path home) {
        return new SchemaRegistryProcess(
                home, data.resolve("registry"), data.resolve("registry.log"), Ports.of(data), 0);
    }

    private static Path home() {
        String home = System.getProperty("tessellate.registry.home");
        if (home == null) {
            System.err.println("SKIPPED: tessellate.registry.home names no unpacked schema registry");
        }
        Assumptions.assumeTrue(home != null, "tessellate.registry.home is not set");
        return Path.of(home);
    }
}
