package io.tessellate.runtime.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigurationTest {
    /** What the tests read. */
    @ConfigMapping(prefix = "tessellate")
    public interface Sample {
        /** With a default. */
        @WithDefault("8080")
        int port();

        /** A duration. */
        @WithDefault("10s")
        Duration idle();

        /** Without one. */
        Optional<String> bootstrapServers();

        /** A group. */
        Client client();

        /** Free-form. */
        Map<String, String> kafka();

        /** A nested group. */
        interface Client {
            /** With a default. */
            @WithDefault("1.5")
            double patience();
        }
    }

    @TempDir
    Path directory;

    @Test
    void defaultsHoldWhereNothingIsSaid() {
        Sample sample = load("", Map.of(), Map.of()).of(Sample.class);
        assertThat(sample.port()).isEqualTo(8080);
        assertThat(sample.bootstrapServers()).isEmpty();
        assertThat(sample.client().patience()).isEqualTo(1.5);
        assertThat(sample.kafka()).isEmpty();
        assertThat(sample.idle()).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void flagsOverruleTheEnvironmentAndThatTheFile() {
        Sample sample = load(
                        """
                        tessellate:
                          port: 1
                          bootstrap-servers: file:1
                          client:
                            patience: 2
                          kafka:
                            bootstrap.servers: a:1
                        """,
                        Map.of("TESSELLATE_PORT", "2", "TESSELLATE_BOOTSTRAP_SERVERS", "env:2"),
                        Map.of("tessellate.port", "3", "tessellate.idle", "500ms"))
                .of(Sample.class);
        assertThat(sample.port()).isEqualTo(3);
        assertThat(sample.bootstrapServers()).contains("env:2");
        assertThat(sample.client().patience()).isEqualTo(2);
        assertThat(sample.idle()).isEqualTo(Duration.ofMillis(500));
        assertThat(sample.kafka()).containsEntry("bootstrap.servers", "a:1");
    }

    @Test
    void allProblemsComeOutTogetherWithTheNearestKey() {
        String yaml = """
                tessellate:
                  prot: 1
                  client:
                    patience: long
                """;
        assertThatThrownBy(() -> load(yaml, Map.of(), Map.of("tessellate.port", "x")))
                .isInstanceOfSatisfying(TessellateException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.INVALID_CONFIGURATION);
                    assertThat(e)
                            .hasMessageContaining("unknown key 'tessellate.prot'")
                            .hasMessageContaining("'tessellate.port'")
                            .hasMessageContaining("tessellate.client.patience")
                            .hasMessageContaining("tessellate.port");
                });
    }

    private Configuration load(String yaml, Map<String, String> environment, Map<String, String> flags) {
        Path file = directory.resolve("tessellate.yaml");
        try {
            Files.writeString(file, yaml);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Configuration.load(List.of(Sample.class), Optional.of(file), environment, flags);
    }
}
