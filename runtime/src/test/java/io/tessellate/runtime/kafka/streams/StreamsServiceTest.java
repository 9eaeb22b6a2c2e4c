package io.tessellate.runtime.kafka.streams;

import static org.assertj.core.api.Assertions.assertThat;

import io.tessellate.runtime.config.KafkaSettings;
import io.tessellate.runtime.health.Health;
import io.tessellate.runtime.metrics.Metrics;
import java.nio.file.Path;
import java.util.Map;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.streams.Topology;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What can be seen of it without a broker; the running services show the rest. */
class StreamsServiceTest {
    @TempDir
    Path directory;

    private StreamsService service(Metrics metrics) {
        Topology topology =
                new Topology().addSource("in", new ByteArrayDeserializer(), new ByteArrayDeserializer(), "in");
        KafkaSettings nowhere = KafkaSettings.of("127.0.0.1:1", "http://127.0.0.1:1");
        return new StreamsService("ingest", topology, nowhere, directory, Map.of(), metrics);
    }

    @Test
    void itIsNotReadyBeforeItsStart() {
        try (Metrics metrics = new Metrics();
                StreamsService service = service(metrics)) {
            assertThat(service.name()).isEqualTo("ingest");
            assertThat(service.health()).isEqualTo(Health.waiting("not started"));
        }
    }

    @Test
    void aBrokerThatDoesNotAnswerKeepsItUnreadyAndItCanBeClosed() {
        try (Metrics metrics = new Metrics()) {
            StreamsService service = service(metrics);
            service.start();
            assertThat(service.health().ready()).isFalse();
            assertThat(service.health().live()).isTrue();
            assertThat(metrics.scrape()).contains("service=\"ingest\"");
            service.close();
            service.close();
            assertThat(service.health()).isEqualTo(Health.waiting("not started"));
        }
    }
}
