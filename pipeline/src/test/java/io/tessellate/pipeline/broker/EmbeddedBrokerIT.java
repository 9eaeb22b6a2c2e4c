package io.tessellate.pipeline.broker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Holds the pinned Kafka version to what the embedded broker needs of its internal classes. */
class EmbeddedBrokerIT {
    private static final String TOPIC = "kept";

    @TempDir
    Path data;

    @Test
    void aRestartKeepsDataAndAddress() throws Exception {
        String address;
        try (EmbeddedBroker broker = broker()) {
            broker.start();
            address = broker.bootstrapServers();
            createTopic(address);
            write(address, "one");
        }
        try (EmbeddedBroker broker = broker()) {
            broker.start();
            assertThat(broker.bootstrapServers()).isEqualTo(address);
            assertThat(broker.health().ready()).isTrue();
            write(address, "two");
            eventuallyHolds(address, "one", "two");
        }
    }

    @Test
    void aPortTakenByAnotherProgramIsReplaced() throws Exception {
        try (EmbeddedBroker broker = broker()) {
            broker.start();
            createTopic(broker.bootstrapServers());
            write(broker.bootstrapServers(), "one");
        }
        int taken = Ports.of(data).port("broker", 0);
        try (ServerSocket other = new ServerSocket(taken, 1, InetAddress.getLoopbackAddress());
                EmbeddedBroker broker = broker()) {
            broker.start();
            assertThat(broker.bootstrapServers()).doesNotEndWith(":" + other.getLocalPort());
            eventuallyHolds(broker.bootstrapServers(), "one");
        }
    }

    /** A transaction is answered before its markers are written, and nothing of it can be read before they are. */
    private static void eventuallyHolds(String address, String... values) {
        Awaitility.await()
                .atMost(Duration.ofMinutes(2))
                .untilAsserted(() -> assertThat(read(address)).containsExactly(values));
    }

    @Test
    void whatWasAcknowledgedSurvivesAKill() throws Exception {
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Child.class.getName(),
                        data.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            String said = new String(child.getInputStream().readNBytes(7), UTF_8);
            assertThat(said).isEqualTo("written");
        } finally {
            child.destroyForcibly();
            assertThat(child.waitFor(60, TimeUnit.SECONDS)).isTrue();
        }
        try (EmbeddedBroker broker = broker()) {
            broker.start();
            // The kill comes before the transaction's markers: the coordinator writes them once it has loaded its log.
            eventuallyHolds(broker.bootstrapServers(), "one");
        }
    }

    /** A JVM with a broker that is killed in the middle of its life. */
    static final class Child {
        private Child() {}

        public static void main(String[] arguments) throws Exception {
            Path data = Path.of(arguments[0]);
            EmbeddedBroker broker = new EmbeddedBroker(data.resolve("kafka"), Ports.of(data), 0);
            broker.start();
            createTopic(broker.bootstrapServers());
            write(broker.bootstrapServers(), "one");
            System.out.print("written");
            System.out.flush();
            Thread.currentThread().join();
        }
    }

    private EmbeddedBroker broker() throws IOException {
        Files.createDirectories(data);
        return new EmbeddedBroker(data.resolve("kafka"), Ports.of(data), 0);
    }

    private static void createTopic(String address) throws Exception {
        try (Admin admin = Admin.create(Map.<String, Object>of("bootstrap.servers", address))) {
            admin.createTopics(List.of(new NewTopic(TOPIC, 1, (short) 1))).all().get();
        }
    }

    private static void write(String address, String value) {
        Map<String, Object> settings = Map.of("bootstrap.servers", address, "transactional.id", "writer");
        try (var producer = new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>(TOPIC, value));
            producer.commitTransaction();
        }
    }

    private static List<String> read(String address) {
        Map<String, Object> settings = Map.of("bootstrap.servers", address, "isolation.level", "read_committed");
        List<String> values = new ArrayList<>();
        try (var consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            var partition = new TopicPartition(TOPIC, 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).get(partition);
            while (consumer.position(partition) < end) {
                consumer.poll(Duration.ofMillis(100)).forEach(record -> values.add(record.value()));
            }
        }
        return values;
    }
}
