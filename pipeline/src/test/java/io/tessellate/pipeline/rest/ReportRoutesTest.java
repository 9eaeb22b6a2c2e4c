package io.tessellate.pipeline.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.tessellate.evaluator.view.PipelineLogs;
import io.tessellate.pipeline.report.Answers;
import io.tessellate.registry.client.SharedLogs;
import io.tessellate.runtime.blob.DirectoryBlobStore;
import io.tessellate.runtime.config.KafkaSettings;
import io.tessellate.runtime.kafka.KafkaClients;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportRoutesTest {
    @Test
    void everyRouteIsDescribed(@TempDir Path directory) {
        try (KafkaClients clients = new KafkaClients(KafkaSettings.of("127.0.0.1:1", "mock://reports"))) {
            PipelineLogs logs = new PipelineLogs(clients, SharedLogs.of(clients, Clock.systemUTC()));
            ReportRoutes routes = new ReportRoutes(logs, new Answers(logs, new DirectoryBlobStore(directory), Map::of));
            String description = ReportRoutes.description();
            assertThat(routes.paths())
                    .hasSize(9)
                    .allSatisfy(path -> assertThat(description).contains("  " + path + ":\n"));
        }
    }
}
