package io.tessellate.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.tessellate.engine.model.fixture.TinyBase;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What a person does to a model, by command line and by HTTP, on the running stack; the promises hold after each act. */
@ExtendWith(SharedStack.class)
class ActsIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final RunningTestStack tessellate;
    private final PushedTasks tasks;

    ActsIT(RunningTestStack tessellate, @TempDir Path directory) throws IOException {
        this.tessellate = tessellate;
        this.tasks = new PushedTasks(tessellate, directory, TinyBase.write(directory.resolve("base")));
    }

    @Test
    void aChampionIsRolledBackAndPromotedAgain() throws Exception {
        tasks.register("throne", "--forgetting-budget", "1");
        tasks.push("throne/colours", new TinyTask("red", "blue", 48, 16, 1), "--method", "lotto", "--density", "0.1");
        tasks.push("throne/animals", new TinyTask("cat", "dog", 48, 16, 2), "--method", "lotto", "--density", "0.1");
        await().atMost(PATIENCE).until(() -> champion() == 2);

        assertThat(tessellate
                        .run("rollback", "throne", "1", "--why", "answers got worse")
                        .exitCode())
                .isZero();
        assertThat(champion()).isEqualTo(1);
        tasks.push("throne/verbs", new TinyTask("runs", "sings", 48, 16, 3), "--method", "lotto", "--density", "0.1");
        await().atMost(PATIENCE).until(() -> standings().equals(List.of("champion", "promoted", "passed")));
        assertThat(tasks.line("throne").version(3).number()).isEqualTo(3);

        HttpResponse<String> promoted = post("/api/v1/models/throne/promote", "{\"version\":3,\"why\":\"checked\"}");
        assertThat(promoted.statusCode()).isEqualTo(200);
        assertThat(promoted.body()).contains("\"champion\":3");
        RunningTestStack.Answer again = tessellate.run("promote", "throne", "3", "--output", "json");
        assertThat(again.json().path("champion").asInt()).isEqualTo(3);
        assertThat(tessellate.run("promote", "throne", "4").err()).contains("[UNKNOWN_VERSION]");
        promisesHold("throne");
    }

    @Test
    void aTrainingAndATaskThatWaitsAreCancelledAndTheNextGoesOn() throws Exception {
        tasks.register("busy", "--forgetting-budget", "1");
        tasks.sendCalibrating("busy/colours", new TinyTask("red", "blue", 48, 16, 1));
        await().atMost(PATIENCE)
                .until(() ->
                        "TRAINING".equals(task("busy/colours").path("state").asText()));
        tasks.send("busy/animals", new TinyTask("cat", "dog", 48, 16, 2), "--method", "lotto", "--density", "0.1");
        await().atMost(PATIENCE)
                .until(() -> "READY".equals(task("busy/animals").path("state").asText()));

        whoLeavesAForecastHoldsNobodyUp();
        assertThat(forecast("animals").path("state").asText()).isEqualTo("READY");
        String waiting = task("busy/animals").path("run").asText();
        assertThat(post("/api/v1/models/busy/tasks/animals/cancel", "{\"run\":\"%s\"}".formatted(waiting))
                        .statusCode())
                .isEqualTo(200);
        assertThat(forecast("animals").path("state").asText()).isEqualTo("CANCELLED");
        RunningTestStack.Answer cancelled =
                tessellate.run("cancel", "busy/colours", "--why", "the wrong split", "--output", "json");
        assertThat(cancelled.json().get(0).path("state").asText()).isEqualTo("CANCELLED");
        assertThat(cancelled.json().get(0).path("message").asText()).endsWith("the wrong split");

        tasks.push("busy/verbs", new TinyTask("runs", "sings", 48, 16, 3), "--method", "lotto", "--density", "0.1");
        tasks.push("busy/colours", new TinyTask("red", "blue", 48, 16, 1), "--method", "lotto", "--density", "0.1");
        assertThat(tasks.line("busy").currentVersion()).isEqualTo(2);
        assertThat(task("busy/animals").path("state").asText()).isEqualTo("CANCELLED");
        assertThat(tessellate.run("cancel", "busy/colours").err()).contains("[TASK_CLOSED]");
        promisesHold("busy");
    }

    @Test
    void ofTwoTasksThatTrainBesideEachOtherOneIsCancelledAndTheOtherGoesOn() throws Exception {
        tasks.register("twins", "--forgetting-budget", "1");
        String[] endless = {"--method", "expander", "--density", "0.25", "--parallel"};
        tasks.sendEndless("twins/colours", new TinyTask("red", "blue", 48, 16, 1), endless);
        tasks.sendEndless("twins/animals", new TinyTask("cat", "dog", 48, 16, 2), endless);
        for (String name : List.of("twins/colours", "twins/animals")) {
            await().atMost(PATIENCE)
                    .until(() -> "train"
                            .equals(task(name).path("progress").path("phase").asText()));
        }

        assertThat(tessellate
                        .run("cancel", "twins/colours", "--why", "one of two")
                        .exitCode())
                .isZero();
        long step = task("twins/animals").path("progress").path("step").asLong();
        await().atMost(PATIENCE)
                .until(() -> task("twins/animals").path("progress").path("step").asLong() > step);
        assertThat(task("twins/colours").path("state").asText()).isEqualTo("CANCELLED");
        assertThat(tessellate
                        .run("cancel", "twins/animals", "--why", "and the other")
                        .exitCode())
                .isZero();

        tasks.push(
                "twins/verbs", new TinyTask("runs", "sings", 48, 16, 3), "--method", "expander", "--density", "0.25");
        assertThat(tasks.line("twins").holding(1).numbers()).containsExactly(1);
        assertThat(tasks.line("twins").reservations()).isEmpty();
        promisesHold("twins");
    }

    @Test
    void aDroppedTaskIsOutOfTheNextVersionAndComesBackWhenItIsPushedAgain() throws Exception {
        tasks.register("garden", "--forgetting-budget", "1");
        tasks.push("garden/colours", new TinyTask("red", "blue", 48, 16, 1), "--method", "lotto", "--density", "0.3");
        tasks.push("garden/animals", new TinyTask("cat", "dog", 48, 16, 2), "--method", "lotto", "--density", "0.3");

        assertThat(tessellate
                        .run("drop", "garden/colours", "--why", "wrong labels")
                        .exitCode())
                .isZero();
        assertThat(task("garden/colours").path("state").asText()).isEqualTo("DROPPED");
        await().atMost(PATIENCE).until(() -> tasks.line("garden").champion().orElse(0) == 3);
        assertThat(tasks.line("garden").holding(3).numbers()).containsExactly(2);
        assertThat(tessellate.run("verify", "garden").exitCode()).isZero();
        promisesHold("garden");

        tasks.push("garden/colours", new TinyTask("red", "blue", 48, 16, 1), "--method", "lotto", "--density", "0.3");
        assertThat(tasks.line("garden").holding(4).numbers()).containsExactly(2, 4);
        assertThat(tessellate.run("verify", "garden").exitCode()).isZero();
        promisesHold("garden");
    }

    /** One that would calibrate for ever: there is one place for forecasts, which is free again soon after whoever asked has gone. */
    private void whoLeavesAForecastHoldsNobodyUp() throws Exception {
        HttpResponse<InputStream> endless = HttpClient.newHttpClient()
                .send(
                        request("/api/v1/models/busy/tasks/colours/forecast", ""),
                        HttpResponse.BodyHandlers.ofInputStream());
        try (InputStream lines = endless.body()) {
            BufferedReader reader = new BufferedReader(new InputStreamReader(lines, StandardCharsets.UTF_8));
            String line = reader.readLine();
            while (line != null && !line.contains("calibrates")) {
                line = reader.readLine();
            }
            assertThat(line).as("it computes").contains("calibrates");
            assertThat(post("/api/v1/models/busy/tasks/animals/forecast", "").body())
                    .contains("QUEUE_FULL");
        }
    }

    /** What is found, once there is a place. */
    private JsonNode forecast(String task) {
        AtomicReference<String> last = new AtomicReference<>("");
        await().atMost(PATIENCE).until(() -> {
            HttpResponse<String> answer = post("/api/v1/models/busy/tasks/%s/forecast".formatted(task), "");
            last.set(answer.body());
            return answer.statusCode() == 200;
        });
        JsonNode found = last.get()
                .lines()
                .filter(line -> line.contains("\"result\""))
                .map(line -> new RunningTestStack.Answer(0, line, "").json().path("result"))
                .findFirst()
                .orElseThrow(() -> new AssertionError(last.get()));
        assertThat(found.path("fits").asBoolean()).isTrue();
        assertThat(found.path("version").asInt()).isZero();
        assertThat(found.path("trainedAs").isNull()).isTrue();
        return found;
    }

    private int champion() {
        return tasks.line("throne").champion().orElse(0);
    }

    private List<String> standings() {
        return tasks.line("throne").versions().stream()
                .map(version -> tasks.line("throne").standing(version.number()).text())
                .toList();
    }

    private JsonNode task(String name) {
        for (JsonNode task : tessellate
                .run("tasks", name.substring(0, name.indexOf('/')), "--output", "json")
                .json()) {
            if (task.path("task").asText().equals(name)) {
                return task;
            }
        }
        return MissingNode.getInstance();
    }

    private HttpResponse<String> post(String path, String body) throws IOException, InterruptedException {
        return HttpClient.newHttpClient().send(request(path, body), HttpResponse.BodyHandlers.ofString());
    }

    private HttpRequest request(String path, String body) throws IOException {
        URI address = URI.create(tessellate.stack().file().http()).resolve(path);
        String token =
                Files.readString(Path.of(tessellate.stack().file().token())).strip();
        return HttpRequest.newBuilder(address)
                .header("Authorization", "Bearer " + token)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
    }

    private void promisesHold(String model) {
        assertThat(tessellate.check(model::equals).verdicts())
                .allSatisfy(verdict -> assertThat(verdict.broken()).isEmpty());
    }
}
