package io.tessellate.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tessellate.evaluator.http.HttpSender;
import io.tessellate.evaluator.webhook.WebhookService;
import io.tessellate.evaluator.webhook.WebhookSettings;
import io.tessellate.event.AlertUpdate;
import io.tessellate.event.SilenceLifted;
import io.tessellate.runtime.kafka.KafkaClients;
import io.tessellate.runtime.retry.Backoff;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** An alert on its way on the running stack: raised, sent to two endpoints of which one is dead, acknowledged, silenced. */
@ExtendWith(SharedStack.class)
class AlertsIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final TinyTask DATA = new TinyTask("red", "blue", 8, 4, 5);
    private final JsonMapper json = JsonMapper.builder().build();
    private final RunningTestStack tessellate;
    private WebhookEndpoint good;
    private WebhookService webhooks;

    AlertsIT(RunningTestStack tessellate) {
        this.tessellate = tessellate;
    }

    @BeforeEach
    void listen() throws IOException {
        good = new WebhookEndpoint(attempt -> true);
        WebhookSettings settings = new WebhookSettings(
                List.of(
                        WebhookEndpoint.of("it-dead", "http://127.0.0.1:1/"),
                        WebhookEndpoint.of("it-good", good.url())),
                Optional.of("http://page.example"),
                Backoff.steady(Duration.ofMillis(200), 2),
                Duration.ofMinutes(1));
        tessellate.stack().logs().start();
        webhooks = new WebhookService(
                tessellate.stack().clients(),
                tessellate.stack().logs().alerts(),
                settings,
                new HttpSender(settings.timeout()),
                new SimpleMeterRegistry());
        webhooks.start();
        await().atMost(PATIENCE).until(() -> webhooks.health().ready());
    }

    @AfterEach
    void stop() {
        webhooks.close();
        good.close();
    }

    @Test
    void aRefusedDatasetIsToldToWhoListensAndWhatPeopleDoAboutItIsKept() throws Exception {
        refuse("alarmed/first");
        await().atMost(PATIENCE).until(() -> alert("first").path("deliveries").size() == 2);
        JsonNode raised = alert("first");
        assertThat(raised.path("deliveries").findValuesAsText("outcome")).containsExactly("given up", "delivered");
        JsonNode data = heard().get(0).data();
        assertThat(data.path("id").asText()).isEqualTo(raised.path("id").asText());
        assertThat(data.path("link").asText()).isEqualTo("http://page.example/#model=alarmed");

        String id = raised.path("id").asText();
        RunningTestStack.Answer done = tessellate.run("alerts", "ack", id, "--why", "pushed again", "--output", "json");
        assertThat(done.exitCode()).as(done.err()).isZero();
        await().atMost(PATIENCE)
                .until(() -> alert("first").path("state").asText().equals("acknowledged"));
        assertThat(alert("first").path("acknowledged").path("why").asText()).isEqualTo("pushed again");
        assertThat(tessellate.run("alerts", "ack", "alert_0").err()).contains("[UNKNOWN_ALERT]");

        HttpResponse<String> silenced =
                post("/api/v1/silences", "{\"model\":\"alarmed\",\"lasts\":\"1h\",\"why\":\"mending\"}");
        assertThat(silenced.statusCode()).as(silenced.body()).isEqualTo(200);
        refuse("alarmed/second");
        await().atMost(PATIENCE).until(() -> alert("second").path("deliveries").size() == 2);
        assertThat(alert("second").path("deliveries").findValuesAsText("outcome"))
                .containsOnly("silenced");
        assertThat(heard()).hasSize(1);
        String silence = json.readTree(silenced.body()).path("id").asText();
        assertThat(tessellate.run("alerts", "unsilence", silence).exitCode()).isZero();
        // A report is read from a book that has caught up with what the command wrote; lifting asks the same book as it
        // is.
        assertThat(tessellate.run("alerts", "--model", "alarmed").out())
                .contains("acknowledged by", "it-dead given up", "is not sent again");
        assertThat(post("/api/v1/silences/" + silence + "/lift", "").statusCode())
                .isEqualTo(404);
        assertThat(post("/api/v1/silences", "{\"lasts\":\"1000d\"}").statusCode())
                .isEqualTo(400);
        assertThat(raised.at("/deliveries/0/body").asText())
                .isEqualTo(heard().get(0).body());
    }

    /** What is written behind an open transaction cannot be read yet: whoever wrote it is answered when it can, not refused. */
    @Test
    void aSilenceIsKnownWhenItIsAnsweredThoughASendingIsJustBeingWrittenDown() throws Exception {
        KafkaClients clients = tessellate.stack().clients();
        String topic = clients.topics().alertUpdates().name();
        try (Admin admin = clients.admin();
                Producer<String, SpecificRecord> sending = clients.transactionalProducer("it-sending")) {
            AlertUpdate update = AlertUpdate.newBuilder()
                    .setUpdateId("update_it")
                    .setWho("it")
                    .setWhy("")
                    .setAt(Instant.EPOCH)
                    .setLifted(new SilenceLifted("silence_none"))
                    .build();
            sending.beginTransaction();
            for (PartitionInfo partition : sending.partitionsFor(topic)) {
                sending.send(new ProducerRecord<>(topic, partition.partition(), "it", update));
            }
            sending.flush();
            long before = written(admin, sending, topic);
            CompletableFuture<HttpResponse<String>> answer = CompletableFuture.supplyAsync(this::silence);
            await().atMost(PATIENCE).until(() -> written(admin, sending, topic) > before);
            await().atMost(PATIENCE).during(Duration.ofMillis(500)).until(() -> !answer.isDone());
            sending.commitTransaction();
            HttpResponse<String> silenced = answer.get(2, TimeUnit.MINUTES);
            assertThat(silenced.statusCode()).as(silenced.body()).isEqualTo(200);
        }
    }

    private HttpResponse<String> silence() {
        try {
            return post("/api/v1/silences", "{\"model\":\"nobody\",\"lasts\":\"1h\",\"why\":\"mending\"}");
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Where the log of a topic ends, whatever transactions are open. */
    private static long written(Admin admin, Producer<?, ?> producer, String topic) throws Exception {
        Map<TopicPartition, OffsetSpec> latest = producer.partitionsFor(topic).stream()
                .collect(Collectors.toMap(
                        info -> new TopicPartition(topic, info.partition()), info -> OffsetSpec.latest()));
        return admin.listOffsets(latest).all().get().values().stream()
                .mapToLong(ListOffsetsResult.ListOffsetsResultInfo::offset)
                .sum();
    }

    /** A dataset whose labels are none of its manifest's. */
    private void refuse(String task) throws Exception {
        try (ForeignProducer foreign = new ForeignProducer(tessellate.stack().file())) {
            foreign.examples(task, DATA);
            foreign.manifest(task, DATA, 12, manifest -> manifest.setLabels(List.of("only one")));
        }
    }

    /** What the endpoint heard of refused datasets; that their manifests were put aside is another alert, seconds later. */
    private List<WebhookEndpoint.Attempt> heard() {
        return good.attempts().stream()
                .filter(attempt -> attempt.data().path("model").asText().equals("alarmed")
                        && attempt.data().path("kind").asText().equals("dataset"))
                .toList();
    }

    /** That the dataset of a task was refused; nothing while it is not known. */
    private JsonNode alert(String task) {
        JsonNode alerts = tessellate
                .run("alerts", "--model", "alarmed", "--output", "json")
                .json()
                .path("alerts");
        for (JsonNode alert : alerts) {
            if (alert.path("task").asText().equals(task)
                    && alert.path("kind").asText().equals("dataset")) {
                return alert;
            }
        }
        return json.createObjectNode();
    }

    private HttpResponse<String> post(String path, String body) throws IOException, InterruptedException {
        URI address = URI.create(tessellate.stack().file().http()).resolve(path);
        String token =
                Files.readString(Path.of(tessellate.stack().file().token())).strip();
        HttpRequest request = HttpRequest.newBuilder(address)
                .header("Authorization", "Bearer " + token)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    }
}
