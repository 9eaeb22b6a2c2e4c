package io.tessellate.evaluator.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.tessellate.evaluator.alert.AlertDesk;
import io.tessellate.evaluator.alert.AlertKind;
import io.tessellate.evaluator.alert.AlertLogs;
import io.tessellate.runtime.config.KafkaSettings;
import io.tessellate.runtime.kafka.KafkaClients;
import java.time.Clock;
import org.junit.jupiter.api.Test;

class AlertRoutesTest {
    @Test
    void everyRouteAndEveryKindIsDescribed() {
        try (KafkaClients clients = new KafkaClients(KafkaSettings.of("127.0.0.1:1", "mock://alerts"))) {
            var routes = new AlertRoutes(new AlertDesk(clients, new AlertLogs(clients), Clock.systemUTC()));
            String description = AlertRoutes.description();

            assertThat(routes.paths())
                    .hasSize(4)
                    .allSatisfy(path -> assertThat(description).contains("  " + path + ":\n"));
            for (AlertKind kind : AlertKind.values()) {
                if (kind != AlertKind.OTHER) {
                    assertThat(description).contains(kind.label());
                }
            }
        }
    }
}
