package io.tessellate.evaluator.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tessellate.evaluator.alert.AlertBook;
import io.tessellate.evaluator.alert.AlertCodec;
import io.tessellate.evaluator.alert.AlertKind;
import io.tessellate.evaluator.alert.AlertUpdateCodec;
import io.tessellate.evaluator.alert.RaisedAlert;
import io.tessellate.evaluator.http.HttpSender;
import io.tessellate.event.AlertAcknowledged;
import io.tessellate.event.AlertDelivery;
import io.tessellate.event.AlertUpdate;
import io.tessellate.event.AlertsSilenced;
import io.tessellate.event.DeliveryOutcome;
import io.tessellate.id.ModelName;
import io.tessellate.runtime.kafka.PassedOver;
import io.tessellate.runtime.kafka.RecordReader;
import io.tessellate.runtime.retry.Backoff;
import io.tessellate.topic.AvroSerdes;
import io.tessellate.topic.TopicCatalogue;
import io.tessellate.topic.TopicNames;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.function.ToIntFunction;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The loop of one endpoint before a real HTTP server; broker and producer are those that Kafka brings for tests. */
class DeliveryLoopTest {
    private static final byte[] KEY = "0123456789abcdef0123456789abcdef".getBytes(UTF_8);
    private static final String SECRET = "whsec_" + Base64.getEncoder().encodeToString(KEY);
    private static final Duration SOON = Duration.ofMinutes(1);

    private final TopicCatalogue topics = new TopicCatalogue(TopicNames.DEFAULT);
    private final AvroSerdes serdes = new AvroSerdes("mock://" + UUID.randomUUID(), true);
    private final TopicPartition partition = new TopicPartition(topics.alerts().name(), 0);
    private final AlertBook book = new AlertBook();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final List<DeliveryLoop> loops = new ArrayList<>();
    private HttpServer server;
    private ToIntFunction<Request> answer = request -> 200;
    private MockConsumer<byte[], byte[]> consumer;
    private MockProducer<String, SpecificRecord> producer;
    private long offset;

    /** What the endpoint got. */
    private record Request(String id, String timestamp, String signature, String body) {}

    @BeforeEach
    void listen() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::serve);
        server.setExecutor(Executors.newCachedThreadPool());
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            var headers = exchange.getRequestHeaders();
            Request request = new Request(
                    headers.getFirst("webhook-id"),
                    headers.getFirst("webhook-timestamp"),
                    headers.getFirst("webhook-signature"),
                    new String(exchange.getRequestBody().readAllBytes(), UTF_8));
            requests.add(request);
            exchange.sendResponseHeaders(answer.applyAsInt(request), -1);
        }
    }

    @Test
    void anAlertArrivesWithASignatureThatSomebodyElseComputesToo() throws Exception {
        DeliveryLoop loop = loop(3);
        RaisedAlert alert = raise("a");
        runUntilEnded(loop, 1);

        Request request = requests.get(0);
        assertThat(request.id()).isEqualTo(alert.id());
        assertThat(request.signature()).isEqualTo("v1," + hmac(request));
        JsonNode body = JsonMapper.builder().build().readTree(request.body());
        assertThat(body.path("type").asText()).isEqualTo("tessellate.alert");
        assertThat(body.path("data").path("link").asText()).isEqualTo("http://page/#model=bot");
        assertThat(body.path("data").path("value").asDouble()).isEqualTo(0.4);
        assertThat(body.path("data").path("severity").asText()).isEqualTo("WARNING");
        assertThat(Math.abs(Instant.now().getEpochSecond() - Long.parseLong(request.timestamp())))
                .isLessThan(60);
        assertThat(ended().get(0).getOutcome()).isEqualTo(DeliveryOutcome.DELIVERED);
        assertThat(committed()).isEqualTo(1);
    }

    @Test
    void whatFailsIsTriedAgainUnderTheSameIdAndGivenUpIntoADeadLetter() {
        answer = request -> 503;
        DeliveryLoop loop = loop(3);
        RaisedAlert alert = raise("a");
        runUntilEnded(loop, 1);

        assertThat(requests).extracting(Request::id).containsExactly(alert.id(), alert.id(), alert.id());
        assertThat(requests)
                .extracting(Request::body)
                .containsOnly(requests.get(0).body());
        AlertDelivery letter = ended().get(0);
        assertThat(letter.getOutcome()).isEqualTo(DeliveryOutcome.GIVEN_UP);
        assertThat(letter.getAttempts()).isEqualTo(3);
        assertThat(letter.getStatus()).isEqualTo(503);
        assertThat(letter.getBody()).isEqualTo(requests.get(0).body());
        assertThat(meters.counter("tessellate.alerts.sent", "endpoint", "ops", "outcome", "given_up")
                        .count())
                .isEqualTo(1);
        assertThat(meters.counter("tessellate.alerts.attempts.failed", "endpoint", "ops")
                        .count())
                .isEqualTo(2);
        assertThat(loop.health().ready()).isTrue();
    }

    @Test
    void oneThatIsRefusedHoldsNoOtherAndKeepsTheOffset() {
        RaisedAlert bad = alert("bad");
        answer = request -> request.id().equals(bad.id()) ? 500 : 200;
        DeliveryLoop loop = loop(1000);
        raise("bad");
        raise("b");
        raise("c");
        runUntilEnded(loop, 2);

        assertThat(ended()).extracting(AlertDelivery::getOutcome).containsOnly(DeliveryOutcome.DELIVERED);
        assertThat(committed()).isZero();
    }

    @Test
    void afterARestartWhatWasNotDeliveredIsAndWhatWasIsNot() {
        RaisedAlert bad = alert("bad");
        answer = request -> request.id().equals(bad.id()) ? 500 : 200;
        DeliveryLoop first = loop(1000);
        raise("bad");
        RaisedAlert good = raise("good");
        runUntilEnded(first, 1);
        book.apply(bad);
        tellBook();
        requests.clear();
        answer = request -> 200;

        long from = committed();
        DeliveryLoop second = loop(1000, from);
        consumer.addRecord(record(bad, 0));
        consumer.addRecord(record(good, 1));
        runUntilEnded(second, 1);

        // Not that there was one: an attempt of the first life may still have been on its way.
        assertThat(requests).extracting(Request::id).containsOnly(bad.id());
        assertThat(committed()).isEqualTo(2);
    }

    @Test
    void anEndpointThatWantsNoMoreIsNotAskedAgain() {
        answer = request -> 410;
        DeliveryLoop loop = loop(1000);
        raise("a");
        runUntilEnded(loop, 1);

        assertThat(requests).hasSize(1);
        assertThat(ended().get(0).getOutcome()).isEqualTo(DeliveryOutcome.GIVEN_UP);
    }

    @Test
    void whatIsAcknowledgedWhileItWaitsIsNotSentAnyMore() {
        answer = request -> 500;
        DeliveryLoop loop = loop(1000);
        RaisedAlert alert = raise("a");
        loop.look();
        await().atMost(SOON).until(() -> !requests.isEmpty());
        AlertUpdateCodec.tell(
                update("ada").setAcknowledged(new AlertAcknowledged(alert.id())).build(), book);
        runUntilEnded(loop, 1);

        assertThat(ended().get(0).getOutcome()).isEqualTo(DeliveryOutcome.ACKNOWLEDGED);
    }

    @Test
    void whatIsSilencedIsNotSentAndThatIsSaid() {
        Instant end = Instant.now().plusSeconds(60);
        AlertUpdateCodec.tell(
                update("bob")
                        .setSilenced(AlertsSilenced.newBuilder()
                                .setModel("bot")
                                .setUntil(end)
                                .build())
                        .build(),
                book);
        DeliveryLoop loop = loop(3);
        raise("a");
        runUntilEnded(loop, 1);

        assertThat(requests).isEmpty();
        assertThat(ended().get(0).getOutcome()).isEqualTo(DeliveryOutcome.SILENCED);
        assertThat(updates().get(0).getWhy()).startsWith("silenced by bob until ");
    }

    @Test
    void nobodyThereIsAReasonWithoutTheAddress() {
        server.stop(0);
        DeliveryLoop loop = loop(2);
        raise("a");
        runUntilEnded(loop, 1);

        assertThat(updates().get(0).getWhy()).isEqualTo("no answer: ConnectException");
        assertThat(ended().get(0).getStatus()).isNull();
    }

    @Test
    void anEndpointThatWasNeverHeardOfBeginsWithWhatIsStillToCome() {
        DeliveryLoop loop = loop(3, null, 7);
        consumer.addRecord(record(alert("new"), 7));
        runUntilEnded(loop, 1);

        assertThat(requests)
                .extracting(Request::id)
                .containsExactly(alert("new").id());
    }

    private DeliveryLoop loop(int attempts) {
        return loop(attempts, 0L);
    }

    private DeliveryLoop loop(int attempts, long from) {
        return loop(attempts, from, 100);
    }

    private DeliveryLoop loop(int attempts, Long from, long end) {
        consumer = new MockConsumer<>("earliest");
        Serializer<SpecificRecord> serializer = serdes.serializer();
        producer = new MockProducer<>(true, null, new StringSerializer(), serializer);
        producer.initTransactions();
        Webhook ops = new Webhook(
                "ops",
                URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/T0KEN"),
                List.of(WebhookSecret.parse("ops", SECRET)));
        WebhookSettings settings = new WebhookSettings(
                List.of(ops),
                Optional.of("http://page"),
                new Backoff(Duration.ofMillis(20), Duration.ofMillis(20), attempts),
                Duration.ofMinutes(1));
        DeliveryLoop loop = new DeliveryLoop(
                ops,
                settings,
                new DeliveryLoop.Tools(
                        consumer,
                        new RecordReader<>(
                                topics.alerts(), serdes.of(topics.alerts()).deserializer(), new PassedOver(meters)),
                        book,
                        new HttpSender(settings.timeout()),
                        new DeliveryLog(topics.alertUpdates().name(), producer),
                        new DeliveryMeters(meters, "ops"),
                        Clock.systemUTC()));
        consumer.subscribe(Set.of(partition.topic()), loop);
        consumer.updateBeginningOffsets(Map.of(partition, 0L));
        consumer.updateEndOffsets(Map.of(partition, end));
        if (from != null) {
            consumer.rebalance(List.of());
            consumer.commitSync(Map.of(partition, new org.apache.kafka.clients.consumer.OffsetAndMetadata(from)));
        }
        consumer.rebalance(List.of(partition));
        loops.add(loop);
        return loop;
    }

    private static RaisedAlert alert(String cause) {
        return RaisedAlert.of(
                        AlertKind.LIVE,
                        false,
                        new ModelName("bot"),
                        "LIVE_ACCURACY",
                        cause,
                        "it dropped",
                        Instant.ofEpochMilli(Instant.now().toEpochMilli()))
                .numbers(0.4, 0.9);
    }

    private RaisedAlert raise(String cause) {
        RaisedAlert alert = alert(cause);
        consumer.addRecord(record(alert, offset++));
        return alert;
    }

    private ConsumerRecord<byte[], byte[]> record(RaisedAlert alert, long at) {
        byte[] value = serdes.of(topics.alerts()).serializer().serialize(partition.topic(), AlertCodec.event(alert));
        return new ConsumerRecord<>(partition.topic(), 0, at, "bot".getBytes(UTF_8), value);
    }

    private void runUntilEnded(DeliveryLoop loop, int count) {
        await().atMost(SOON).pollInterval(Duration.ofMillis(5)).until(() -> {
            loop.look();
            return ended().size() >= count;
        });
    }

    private static AlertUpdate.Builder update(String who) {
        return AlertUpdate.newBuilder()
                .setUpdateId(who)
                .setWho(who)
                .setWhy("")
                .setAt(Instant.now().minusSeconds(5));
    }

    private List<AlertUpdate> updates() {
        return producer.history().stream()
                .map(record -> (AlertUpdate) record.value())
                .toList();
    }

    private List<AlertDelivery> ended() {
        return updates().stream().map(AlertUpdate::getDelivery).toList();
    }

    private void tellBook() {
        updates().forEach(update -> AlertUpdateCodec.tell(update, book));
    }

    /** What was committed last, in a transaction. */
    private long committed() {
        long known = 0;
        for (var groups : producer.consumerGroupOffsetsHistory()) {
            for (var offsets : groups.values()) {
                if (offsets.containsKey(partition)) {
                    known = offsets.get(partition).offset();
                }
            }
        }
        return known;
    }

    private static String hmac(Request request) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(KEY, "HmacSHA256"));
        String signed = request.id() + "." + request.timestamp() + "." + request.body();
        return Base64.getEncoder().encodeToString(mac.doFinal(signed.getBytes(UTF_8)));
    }
}
