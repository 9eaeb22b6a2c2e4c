package io.tessellate.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.tessellate.engine.model.fixture.TinyBase;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
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
        tasks.sendEndless(
                "busy/colours", new TinyTask("red", "blue", 48, 16, 1), "--method", "lotto", "--density", "0.1");
        tasks.sendEndless(
                "busy/animals", new TinyTask("cat", "dog", 48, 16, 2), "--method", "lotto", "--density", "0.1");
        await().atMost(PATIENCE)
                .until(() ->
                        "TRAINING".equals(task("busy/colours").path("state").asText()));
        await().atMost(PATIENCE)
                .until(() -> "READY".equals(task("busy/animals").path("state").asText()));

        String waiting = task("busy/animals").path("run").asText();
        assertThat(post("/api/v1/models/busy/tasks/animals/cancel", "{\"run\":\"%s\"}".formatted(waiting))
                        .statusCode())
                .isEqualTo(200);
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
        URI address = URI.create(tessellate.stack().file().http()).resolve(path);
        String token =
                Files.readString(Path.of(tessellate.stack().file().token())).strip();
        HttpRequest request = HttpRequest.newBuilder(address)
                .header("Authorization", "Bearer " + token)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    }

    private void promisesHold(String model) {
        assertThat(tessellate.check(model::equals).verdicts())
                .allSatisfy(verdict -> assertThat(verdict.broken()).isEmpty());
    }
}
