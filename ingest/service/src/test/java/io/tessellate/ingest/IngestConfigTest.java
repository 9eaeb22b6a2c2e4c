package io.tessellate.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tessellate.ingest.attempt.IngestSettings;
import io.tessellate.runtime.config.Configuration;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class IngestConfigTest {
    private static Configuration load(Map<String, String> flags) {
        return Configuration.load(List.of(IngestConfig.class), Optional.empty(), Map.of(), flags);
    }

    @Test
    void theDefaultsOfTheConfigurationAreThoseOfTheSettings() {
        assertThat(load(Map.of()).of(IngestConfig.class).settings()).isEqualTo(IngestSettings.DEFAULT);
    }

    @Test
    void everyKeyIsRead() {
        var flags = Map.of(
                "tessellate.ingest.idle-time", "3s",
                "tessellate.ingest.patience", "1m",
                "tessellate.ingest.report-interval", "PT0.5S",
                "tessellate.ingest.text-limit", "500");
        assertThat(load(flags).of(IngestConfig.class).settings())
                .isEqualTo(
                        new IngestSettings(Duration.ofSeconds(3), Duration.ofMinutes(1), Duration.ofMillis(500), 500));
    }

    @Test
    void aWrongKeyIsRefusedWithTheNearest() {
        assertThatThrownBy(() -> load(Map.of("tessellate.ingest.idletime", "3s")))
                .hasMessageContaining("tessellate.ingest.idle-time");
    }

    @Test
    void impossibleSettingsAreRefused() {
        assertThatThrownBy(() -> new IngestSettings(Duration.ZERO, Duration.ZERO, Duration.ZERO, 1))
                .hasMessageContaining("idle time must be positive");
    }
}
