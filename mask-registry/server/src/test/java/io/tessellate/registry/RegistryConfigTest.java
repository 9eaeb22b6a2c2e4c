package io.tessellate.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tessellate.runtime.config.Configuration;
import io.tessellate.runtime.log.Logging;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

public final class RegistryConfigTest {
    private static final Map<String, String> LEAST = Map.of(
            "tessellate.data-dir", "data",
            "tessellate.bootstrap-servers", "broker:9092",
            "tessellate.schema-registry-url", "http://registry:8080");

    @Test
    public void whatIsNotSetHasADefault() {
        RegistryConfig config = load(LEAST);

        assertThat(config.instanceId()).isEqualTo("local");
        assertThat(config.blobDir()).isEmpty();
        assertThat(config.kafka()).isEmpty();
        assertThat(config.topics().control()).isEqualTo("tessellate");
        assertThat(config.topics().tasks()).isEqualTo("tasks");
        assertThat(config.http().host()).isEqualTo("127.0.0.1");
        assertThat(config.http().port()).isEqualTo(8083);
        assertThat(config.log().format()).isEqualTo(Logging.Format.PLAIN);
    }

    @Test
    public void everythingCanBeSet() {
        RegistryConfig config = load(Map.ofEntries(
                Map.entry("tessellate.data-dir", "data"),
                Map.entry("tessellate.bootstrap-servers", "broker:9092"),
                Map.entry("tessellate.schema-registry-url", "http://registry:8080"),
                Map.entry("tessellate.kafka.security.protocol", "SSL"),
                Map.entry("tessellate.instance-id", "two"),
                Map.entry("tessellate.blob-dir", "blobs"),
                Map.entry("tessellate.topics.control", "control"),
                Map.entry("tessellate.topics.tasks", "datasets"),
                Map.entry("tessellate.http.host", "0.0.0.0"),
                Map.entry("tessellate.http.port", "0"),
                Map.entry("tessellate.log.format", "json")));

        assertThat(config.dataDir()).isEqualTo(Path.of("data"));
        assertThat(config.bootstrapServers()).isEqualTo("broker:9092");
        assertThat(config.schemaRegistryUrl()).isEqualTo("http://registry:8080");
        assertThat(config.kafka()).containsEntry("security.protocol", "SSL");
        assertThat(config.instanceId()).isEqualTo("two");
        assertThat(config.blobDir()).contains(Path.of("blobs"));
        assertThat(config.topics().control()).isEqualTo("control");
        assertThat(config.topics().tasks()).isEqualTo("datasets");
        assertThat(config.http().host()).isEqualTo("0.0.0.0");
        assertThat(config.http().port()).isZero();
        assertThat(config.log().format()).isEqualTo(Logging.Format.JSON);
    }

    @Test
    public void whatMustBeSetIsNamedAllAtOnce() {
        assertThatThrownBy(() -> load(Map.of()))
                .hasMessageContaining("data-dir")
                .hasMessageContaining("bootstrap-servers")
                .hasMessageContaining("schema-registry-url");
    }

    private static RegistryConfig load(Map<String, String> flags) {
        return Configuration.load(List.of(RegistryConfig.class), Optional.empty(), Map.of(), flags)
                .of(RegistryConfig.class);
    }
}
