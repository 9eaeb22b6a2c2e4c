package io.tessellate.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tessellate.engine.model.fixture.TinyBase;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Questions by HTTP while much else happens: the champion changes, or there are more of them than may wait. */
@ExtendWith(SharedStack.class)
class ChangingChampionIT {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int ASKING = 3;
    private static final int CHANGES = 6;
    private static final int MOST = 1000;
    private static final int REQUESTS = 24;
    private static final String UNION = "/api/v1/models/duel/tasks/colours/predictions?view=union";

    private final HttpClient http = HttpClient.newHttpClient();
    private final RunningTestStack tessellate;
    private final PushedTasks tasks;
    private String token = "";

    ChangingChampionIT(RunningTestStack tessellate, @TempDir Path directory) throws IOException {
        this.tessellate = tessellate;
        this.tasks = new PushedTasks(tessellate, directory, TinyBase.write(directory.resolve("base")));
    }

    @BeforeEach
    void readToken() throws IOException {
        token = Files.readString(Path.of(tessellate.stack().file().token())).strip();
    }

    @Test
    void noAnswerIsMixedOfTwoVersionsAndNoQuestionVanishes() throws Exception {
        tasks.register("duel", "--forgetting-budget", "1");
        tasks.push("duel/colours", new TinyTask("red", "blue", 48, 16, 1), "--method", "lotto", "--density", "0.3");
        tasks.push("duel/animals", new TinyTask("cat", "dog", 48, 16, 2), "--method", "lotto", "--density", "0.3");
        await().atMost(PATIENCE).until(() -> tasks.line("duel").champion().orElse(0) == 2);
        aChangingChampionMixesNothing();
        whatHasNoRoomIsRefusedWholeAndInWords();
    }

    private void aChangingChampionMixesNothing() throws Exception {
        String body = instances(20);
        Map<Integer, JsonNode> known = new HashMap<>();
        for (int version : List.of(1, 2)) {
            known.put(version, predictions(post(UNION + "&version=" + version, body)));
        }
        assertThat(known.get(1)).isNotEqualTo(known.get(2));
        ConcurrentLinkedQueue<JsonNode> answers = new ConcurrentLinkedQueue<>();
        AtomicBoolean over = new AtomicBoolean();
        ExecutorService asking = Executors.newFixedThreadPool(ASKING);
        try {
            List<Future<?>> threads = IntStream.range(0, ASKING)
                    .<Future<?>>mapToObj(thread -> asking.submit(() -> {
                        while (!over.get()) {
                            answers.add(JSON.readTree(post(UNION, body).body()));
                        }
                        return null;
                    }))
                    .toList();
            for (int change = 0; change < CHANGES; change++) {
                String act = change % 2 == 0 ? "rollback" : "promote";
                HttpResponse<String> acted = post(
                        "/api/v1/models/duel/" + act,
                        "{\"version\":%d,\"why\":\"to and fro\"}".formatted(1 + change % 2));
                assertThat(acted.statusCode()).as(acted.body()).isEqualTo(200);
                int before = answers.size();
                await().atMost(PATIENCE).until(() -> answers.size() > before + ASKING);
            }
            over.set(true);
            for (Future<?> thread : threads) {
                thread.get(1, TimeUnit.MINUTES);
            }
        } finally {
            over.set(true);
            asking.shutdownNow();
        }
        assertThat(answers).extracting(answer -> answer.path("version").asInt()).contains(1, 2);
        assertThat(answers)
                .allSatisfy(answer -> assertThat(answer.path("predictions"))
                        .as("version %s", answer.path("version"))
                        .isEqualTo(known.get(answer.path("version").asInt())));
    }

    private void whatHasNoRoomIsRefusedWholeAndInWords() throws Exception {
        String body = instances(MOST);
        List<CompletableFuture<HttpResponse<String>>> all = new ArrayList<>();
        for (int request = 0; request < REQUESTS; request++) {
            all.add(http.sendAsync(request(UNION, body), HttpResponse.BodyHandlers.ofString()));
        }
        int refused = 0;
        for (CompletableFuture<HttpResponse<String>> each : all) {
            HttpResponse<String> answer = each.get(2, TimeUnit.MINUTES);
            if (answer.statusCode() == 200) {
                JsonNode predictions = predictions(answer);
                assertThat(StreamSupport.stream(predictions.spliterator(), false))
                        .hasSize(MOST)
                        .noneMatch(one -> one.path("label").isMissingNode()
                                && one.path("error").isMissingNode());
            } else {
                refused++;
                assertThat(answer.statusCode()).isEqualTo(503);
                assertThat(answer.headers().firstValue("Retry-After")).isPresent();
                assertThat(answer.body())
                        .contains("QUEUE_FULL", "questions wait, and 1000 more would be over the limit of 4096");
            }
        }
        assertThat(refused).isPositive();
        assertThat(post(UNION, instances(1)).statusCode())
                .as("afterwards there is room")
                .isEqualTo(200);
    }

    private static JsonNode predictions(HttpResponse<String> answer) throws IOException {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JSON.readTree(answer.body()).path("predictions");
    }

    private static String instances(int count) throws IOException {
        List<TinyTask.Sentence> sentences = new TinyTask("red", "blue", 0, count, 7).eval();
        return JSON.writeValueAsString(Map.of(
                "instances",
                sentences.stream()
                        .map(sentence -> Map.of("text", sentence.text()))
                        .toList()));
    }

    private HttpResponse<String> post(String path, String body) throws IOException, InterruptedException {
        return http.send(request(path, body), HttpResponse.BodyHandlers.ofString());
    }

    private HttpRequest request(String path, String body) {
        return HttpRequest.newBuilder(
                        URI.create(tessellate.stack().file().http()).resolve(path))
                .header("Authorization", "Bearer " + token)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
    }
}
