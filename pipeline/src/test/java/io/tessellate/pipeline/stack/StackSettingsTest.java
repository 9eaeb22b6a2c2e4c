package io.tessellate.pipeline.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.ingest.attempt.IngestSettings;
import io.tessellate.runtime.config.Configuration;
import io.tessellate.runtime.config.DataDirectory;
import io.tessellate.runtime.log.Logging;
import io.tessellate.topic.TopicNames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StackSettingsTest {
    @TempDir
    Path directory;

    @Test
    void nothingSaidMeansEverythingEmbeddedInTheFallbackDirectory() {
        StackSettings settings = settings(Optional.empty(), Map.of(), Map.of());
        assertThat(settings.external()).isEmpty();
        assertThat(settings.data()).isEqualTo(new DataDirectory(directory));
        assertThat(settings.blobs()).isEqualTo(settings.data().root().resolve("blobs"));
        assertThat(settings.topics()).isEqualTo(TopicNames.DEFAULT);
        assertThat(settings.ports()).isEqualTo(StackSettings.WantedPorts.ANY);
        assertThat(settings.httpHost()).isEqualTo("127.0.0.1");
        assertThat(settings.backend()).isEqualTo("host");
        assertThat(settings.lanes()).isEqualTo(1);
        assertThat(settings.memory()).isEqualTo(Long.MAX_VALUE);
        assertThat(settings.instanceId()).isEmpty();
        assertThat(settings.ingest()).isEqualTo(IngestSettings.DEFAULT);
        assertThat(settings.logFormat()).isEqualTo(Logging.Format.PLAIN);
    }

    @Test
    void everyKeyIsRead() throws IOException {
        Path file = Files.writeString(directory.resolve("tessellate.yaml"), """
                tessellate:
                  data-dir: data
                  bootstrap-servers: kafka:9092
                  schema-registry-url: http://registry:8080/apis/ccompat/v7
                  kafka:
                    security.protocol: SSL
                  instance-id: worker-1
                  blob-dir: /blobs
                  backend: nd4j
                  worker: {lanes: 3, memory: 16GB}
                  topics: {control: internal, tasks: data}
                  broker: {port: 1}
                  registry: {port: 2, home: /registry}
                  http: {port: 3, host: 0.0.0.0, hosts: "tess.example,trainer"}
                  ingest: {idle-time: 500ms}
                  log: {format: json}
                """);
        StackSettings settings = settings(Optional.of(file), Map.of("TESSELLATE_HTTP_PORT", "4"), Map.of());
        assertThat(settings.data()).isEqualTo(new DataDirectory(Path.of("data")));
        assertThat(settings.external()).hasValueSatisfying(kafka -> {
            assertThat(kafka.bootstrapServers()).isEqualTo("kafka:9092");
            assertThat(kafka.schemaRegistryUrl()).isEqualTo("http://registry:8080/apis/ccompat/v7");
            assertThat(kafka.clientProperties()).containsEntry("security.protocol", "SSL");
            assertThat(kafka.topics()).isEqualTo(new TopicNames("internal", "data"));
            assertThat(kafka.instanceId()).isEqualTo("worker-1");
        });
        assertThat(settings.blobs()).isEqualTo(Path.of("/blobs"));
        assertThat(settings.backend()).isEqualTo("nd4j");
        assertThat(settings.lanes()).isEqualTo(3);
        assertThat(settings.memory()).isEqualTo(16_000_000_000L);
        assertThat(settings.ports()).isEqualTo(new StackSettings.WantedPorts(1, 2, 4));
        assertThat(settings.registryHome()).contains(Path.of("/registry"));
        assertThat(settings.httpHost()).isEqualTo("0.0.0.0");
        assertThat(settings.httpHosts()).containsExactly("tess.example", "trainer");
        assertThat(settings.ingest().idleTime()).isEqualTo(Duration.ofMillis(500));
        assertThat(settings.logFormat()).isEqualTo(Logging.Format.JSON);
    }

    @Test
    void aBrokerWithoutItsRegistryIsRefused() {
        assertThatThrownBy(() -> settings(Optional.empty(), Map.of(), Map.of("tessellate.bootstrap-servers", "a:1")))
                .isInstanceOfSatisfying(
                        TessellateException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_CONFIGURATION))
                .hasMessageContaining("belong together");
    }

    private StackSettings settings(Optional<Path> file, Map<String, String> environment, Map<String, String> flags) {
        return StackSettings.of(
                Configuration.load(StackSettings.mappings(), file, environment, flags), new DataDirectory(directory));
    }
}
