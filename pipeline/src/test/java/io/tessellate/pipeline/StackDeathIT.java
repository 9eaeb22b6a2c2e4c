package io.tessellate.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tessellate.engine.model.fixture.TinyBase;
import io.tessellate.pipeline.RunningTestStack.Answer;
import io.tessellate.pipeline.stack.StackFile;
import io.tessellate.runtime.config.DataDirectory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Parts of a running stack that die, and at last the whole of it, while a command waits for it; and what was on its way when it died:
 * alerts, and labels of what had been answered.
 */
class StackDeathIT {
    private static final TinyTask LONG = new TinyTask("red", "blue", 400, 40, 21);
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final List<String> ALARMED = List.of("heard", "refused", "refused-too");
    private static final TinyTask SHORT = new TinyTask("cat", "dog", 48, 16, 3);

    @TempDir
    private Path directory;

    /** Ids of alerts that were known to have been taken when everything was killed. */
    private final Set<String> delivered = new HashSet<>();

    private WebhookEndpoint endpoint;

    @BeforeEach
    void listen() throws IOException {
        endpoint = new WebhookEndpoint(
                attempt -> attempt.data().path("task").asText().equals("heard"));
    }

    @AfterEach
    void stop() {
        endpoint.close();
    }

    @Test
    void aDeadPartIsStartedAgainAndACommandThatWaitsForADeadStackEnds() throws Exception {
        RunningTestStack.requireRegistry();
        Path base = TinyBase.write(directory.resolve("base"));
        Path data = directory.resolve("data");
        try (UpProcess first = UpProcess.start(data, endpoint.flags("ops"))) {
            assertThat(ask(data, "models", "register", "glue", "--base", base.toString())
                            .exitCode())
                    .isZero();
            answersWaitForTheirLabels(data);
            alertsAreOnTheirWay(first);
            aRunIsCancelledAndEverythingKilledBeforeItEnds(first);
        }
        try (UpProcess up = UpProcess.start(data, endpoint.flags("ops"))) {
            everyAlertIsHeardUnderItsId(data);
            everyLabelCountsOnce(data);
            aCancelledRunStaysCancelled(data);
            aKilledSchemaRegistryComesBack(up);
            aWaitThatTakesTooLongEnds(data);
            aWaitForAKilledStackEnds(up);
        }
    }

    private void aRunIsCancelledAndEverythingKilledBeforeItEnds(UpProcess up) throws Exception {
        assertThat(send(up.data()).exitCode()).isZero();
        up.awaitTraining();
        List<ProcessHandle> children = up.process().children().toList();
        assertThat(ask(up.data(), "cancel", "glue/colours", "--why", "the wrong split")
                        .exitCode())
                .isZero();
        up.kill();
        Awaitility.await()
                .atMost(UpProcess.PATIENCE)
                .until(() -> children.stream().noneMatch(ProcessHandle::isAlive));
    }

    /** Half of the labels are written, and nobody waits for what comes of them. */
    private void answersWaitForTheirLabels(Path data) throws Exception {
        Answer push = shortly(data, "animals");
        assertThat(push.exitCode()).as(push.err()).isZero();
        try (ForeignProducer foreign = new ForeignProducer(file(data))) {
            foreign.create("predict.glue.animals", Map.of());
            foreign.create("labels.glue.animals", Map.of());
            for (TinyTask.Sentence sentence : SHORT.eval()) {
                foreign.send(
                        "predict.glue.animals",
                        null,
                        JSON.writeValueAsBytes(Map.of("id", sentence.id(), "text", sentence.text())),
                        null);
            }
        }
        Awaitility.await()
                .atMost(UpProcess.PATIENCE)
                .until(() -> live(data).at("/counts/waiting").asInt() == SHORT.evalSize());
        label(data, SHORT.eval().subList(0, SHORT.evalSize() / 2));
    }

    private void label(Path data, List<TinyTask.Sentence> sentences) throws Exception {
        try (ForeignProducer foreign = new ForeignProducer(file(data))) {
            for (TinyTask.Sentence sentence : sentences) {
                foreign.send(
                        "labels.glue.animals",
                        null,
                        JSON.writeValueAsBytes(Map.of("id", sentence.id(), "label", sentence.label())),
                        null);
            }
        }
    }

    private void everyLabelCountsOnce(Path data) throws Exception {
        label(data, SHORT.eval().subList(SHORT.evalSize() / 2, SHORT.evalSize()));
        Awaitility.await().atMost(UpProcess.PATIENCE).untilAsserted(() -> {
            JsonNode live = live(data);
            assertThat(live.at("/counts/labels").asInt()).as(live.toString()).isEqualTo(SHORT.evalSize());
            assertThat(live.at("/scores/0/examples").asInt()).isEqualTo(SHORT.evalSize());
            assertThat(live.at("/counts/waiting").asInt()
                            + live.at("/counts/labelsAgain").asInt())
                    .isZero();
            // The eval split was asked, by the view that its eval score is of.
            assertThat(live.at("/scores/0/score").asDouble())
                    .isEqualTo(live.at("/scores/0/eval").asDouble());
        });
    }

    /** Three datasets are refused; of the first the endpoint hears, of the others it will not. */
    private void alertsAreOnTheirWay(UpProcess up) throws Exception {
        try (ForeignProducer foreign = new ForeignProducer(file(up.data()))) {
            for (String task : ALARMED) {
                foreign.examples("glue/" + task, SHORT);
                foreign.manifest(
                        "glue/" + task,
                        SHORT,
                        SHORT.trainSize() + SHORT.evalSize(),
                        manifest -> manifest.setLabels(List.of("only one")));
            }
        }
        Awaitility.await().atMost(UpProcess.PATIENCE).untilAsserted(() -> {
            delivered.clear();
            for (JsonNode alert :
                    ask(up.data(), "alerts", "--output", "json").json().path("alerts")) {
                if (alert.findValuesAsText("outcome").equals(List.of("delivered"))) {
                    delivered.add(alert.path("id").asText());
                }
            }
            assertThat(delivered).isNotEmpty();
            assertThat(ALARMED)
                    .allSatisfy(task -> assertThat(endpoint.about(task)).isNotEmpty());
        });
    }

    /** Each alert at least once under its own id, with one body however often; what is known to have been taken is not sent again. */
    private void everyAlertIsHeardUnderItsId(Path data) {
        endpoint.takes(attempt -> true);
        Awaitility.await().atMost(UpProcess.PATIENCE).untilAsserted(() -> {
            JsonNode alerts = ask(data, "alerts", "--output", "json").json().path("alerts");
            assertThat(alerts.findValuesAsText("outcome"))
                    .hasSize(alerts.size())
                    .containsOnly("delivered");
            assertThat(alerts.findValuesAsText("task")).containsAll(ALARMED);
            for (JsonNode alert : alerts) {
                List<WebhookEndpoint.Attempt> attempts = endpoint.attempts().stream()
                        .filter(attempt -> attempt.id().equals(alert.path("id").asText()))
                        .toList();
                assertThat(attempts.get(attempts.size() - 1).taken()).isTrue();
                assertThat(attempts)
                        .extracting(WebhookEndpoint.Attempt::body)
                        .containsOnly(attempts.get(0).body());
            }
        });
        assertThat(delivered)
                .allSatisfy(id -> assertThat(endpoint.attempts())
                        .filteredOn(attempt -> attempt.id().equals(id))
                        .hasSize(1));
    }

    private static JsonNode live(Path data) {
        return ask(data, "live", "glue", "--output", "json").json().path(0);
    }

    private static StackFile file(Path data) {
        return StackFile.running(new DataDirectory(data)).orElseThrow();
    }

    /** The checkpoint is still there; nobody goes on from it, and the name is free. */
    private static void aCancelledRunStaysCancelled(Path data) {
        Awaitility.await().atMost(UpProcess.PATIENCE).untilAsserted(() -> {
            Answer tasks = ask(data, "tasks", "--output", "json");
            assertThat(tasks.out()).contains("\"state\":\"CANCELLED\"", "the wrong split");
            Answer models = ask(data, "models", "list", "--output", "json");
            assertThat(models.json().at("/0/version").asInt()).as(models.err()).isEqualTo(1);
        });
    }

    private void aKilledSchemaRegistryComesBack(UpProcess up) throws Exception {
        ProcessHandle killed = up.schemaRegistry();
        killed.destroyForcibly();
        Awaitility.await()
                .atMost(UpProcess.PATIENCE)
                .until(() -> up.text().contains("schema registry was started again"));
        assertThat(up.text()).contains("schema registry is down: ended with status 137", "try 1 of 6");
        assertThat(up.schemaRegistry().pid()).isNotEqualTo(killed.pid());
        Answer push = shortly(up.data(), "verbs");
        assertThat(push.exitCode()).as(push.err()).isZero();
    }

    private Answer shortly(Path data, String task) throws IOException {
        return ask(
                data,
                "push",
                "glue/" + task,
                "--data",
                SHORT.write(directory.resolve(task)).toString(),
                "--method",
                "lotto",
                "--density",
                "0.1",
                "--epochs",
                "1",
                "--replay",
                "0",
                "--wait");
    }

    private void aWaitThatTakesTooLongEnds(Path data) throws Exception {
        Answer push = push(data, "--timeout", "1s");
        assertThat(push.exitCode()).as(push.err()).isEqualTo(1);
        assertThat(push.err()).contains("not done within the 1 s of --timeout", "TIMEOUT");
    }

    private void aWaitForAKilledStackEnds(UpProcess up) throws Exception {
        ProcessHandle registry = up.schemaRegistry();
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        CompletableFuture<Answer> waiting = CompletableFuture.supplyAsync(() -> {
            try {
                return send(said, up.data(), "--wait");
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
        // Not by a checkpoint, which may be of the cancelled run, nor by a training alone, which may be of the push
        // before.
        Awaitility.await()
                .atMost(UpProcess.PATIENCE)
                .until(() -> said.toString(UTF_8).contains("glue/colours  ")
                        && ask(up.data(), "tasks", "--output", "json").out().contains("\"state\":\"TRAINING\""));
        up.kill();
        Answer push = waiting.get(1, TimeUnit.MINUTES);
        assertThat(push.exitCode()).as(push.err()).isEqualTo(1);
        assertThat(push.err()).contains("has ended; start it again with: tessellate up --data-dir", "UNAVAILABLE");
        Awaitility.await().atMost(UpProcess.PATIENCE).until(() -> !registry.isAlive());
    }

    private Answer push(Path data, String... more) throws Exception {
        String[] waiting = Arrays.copyOf(more, more.length + 1);
        waiting[more.length] = "--wait";
        return send(data, waiting);
    }

    private Answer send(Path data, String... more) throws Exception {
        return send(new ByteArrayOutputStream(), data, more);
    }

    /** The same; what it says can be read meanwhile. */
    private Answer send(ByteArrayOutputStream said, Path data, String... more) throws Exception {
        Path files = LONG.write(directory.resolve("colours"));
        String[] arguments = {
            "push",
            "glue/colours",
            "--data",
            files.toString(),
            "--method",
            "lotto",
            "--density",
            "0.2",
            "--epochs",
            "400",
            "--learning-rate",
            "0.001",
            "--batch-size",
            "4",
            "--seed",
            "5",
            "--replay",
            "0"
        };
        String[] all = Arrays.copyOf(arguments, arguments.length + more.length);
        System.arraycopy(more, 0, all, arguments.length, more.length);
        return RunningTestStack.run(said, data, all);
    }

    private static Answer ask(Path data, String... arguments) {
        return RunningTestStack.run(data, arguments);
    }
}
