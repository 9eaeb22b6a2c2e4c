package io.tessellate.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.testcontainers.kafka.KafkaContainer;

/** What the pipeline asks of any broker, asked of the one in the image: transactions, and reading what they committed. */
@Tag("docker")
class BrokerImageIT {

    private static final TopicPartition NUMBERS = new TopicPartition("numbers", 0);

    @Test
    void aCommittedTransactionIsReadAndAnAbortedOneIsNot() throws Exception {
        try (KafkaContainer broker = ContainerEngine.broker()) {
            broker.start();
            String servers = broker.getBootstrapServers();
            try (Admin admin = Admin.create(Map.<String, Object>of("bootstrap.servers", servers))) {
                admin.createTopics(List.of(new NewTopic(NUMBERS.topic(), 1, (short) 1)))
                        .all()
                        .get();
            }
            try (Producer<String, String> producer = producer(servers)) {
                producer.initTransactions();
                producer.beginTransaction();
                send(producer, 0, 10);
                producer.abortTransaction();
                producer.beginTransaction();
                send(producer, 10, 20);
                producer.commitTransaction();
            }
            assertThat(read(servers)).containsExactlyElementsOf(numbers(10, 20));
        }
    }

    private static void send(Producer<String, String> producer, int from, int to) {
        numbers(from, to).forEach(number -> producer.send(new ProducerRecord<>(NUMBERS.topic(), number)));
    }

    private static List<String> numbers(int from, int to) {
        return IntStream.range(from, to).mapToObj(Integer::toString).toList();
    }

    private static Producer<String, String> producer(String servers) {
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", servers, "transactional.id", "image-test"),
                new StringSerializer(),
                new StringSerializer());
    }

    private static List<String> read(String servers) {
        Map<String, Object> properties = Map.of(
                "bootstrap.servers", servers, "auto.offset.reset", "earliest", "isolation.level", "read_committed");
        List<String> values = new ArrayList<>();
        try (Consumer<String, String> consumer =
                new KafkaConsumer<>(properties, new StringDeserializer(), new StringDeserializer())) {
            consumer.assign(List.of(NUMBERS));
            Awaitility.await().atMost(Duration.ofMinutes(2)).untilAsserted(() -> {
                consumer.poll(Duration.ofMillis(200)).forEach(record -> values.add(record.value()));
                assertThat(values).hasSizeGreaterThanOrEqualTo(10);
            });
        }
        return values;
    }
}
