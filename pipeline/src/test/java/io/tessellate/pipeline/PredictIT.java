package io.tessellate.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tessellate.engine.model.fixture.TinyBase;
import io.tessellate.event.AnalysisEvent;
import io.tessellate.id.Sha256;
import io.tessellate.pipeline.rest.StackApi;
import io.tessellate.runtime.kafka.LogTail;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Trained tasks asked by command line and by HTTP, through the embedded stack. */
@ExtendWith(SharedStack.class)
class PredictIT {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final RunningTestStack tessellate;
    private final Path directory;
    private final PushedTasks tasks;

    PredictIT(RunningTestStack tessellate, @TempDir Path directory) throws IOException {
        this.tessellate = tessellate;
        this.directory = directory;
        this.tasks = new PushedTasks(tessellate, directory, TinyBase.write(directory.resolve("base")));
    }

    @Test
    void aTaskAnswersTheSameForEverByItsOwnView() throws Exception {
        TinyTask colours = new TinyTask("red", "blue", 96, 32, 1);
        tasks.register("oracle", "--forgetting-budget", "1");
        tasks.push("oracle/colours", colours, "--density", "0.2");
        Path lines = lines(colours.eval());
        RunningTestStack.Answer before = tessellate.run("predict", "oracle/colours", lines.toString());
        assertThat(before.exitCode()).as(before.err()).isZero();
        answersAreRight(before, colours.eval());

        tasks.push("oracle/animals", new TinyTask("cat", "dog", 96, 32, 2), "--density", "0.2");
        tasks.awaitChampion("oracle", 2);
        RunningTestStack.Answer after = tessellate.run("predict", "oracle/colours", lines.toString());
        assertThat(after.out()).isEqualTo(before.out());
        RunningTestStack.Answer union = tessellate.run(
                "predict", "oracle/colours", "--view", "union", "--version", "champion", lines.toString());
        assertThat(union.exitCode()).as(union.err()).isZero();
        assertThat(all(union)).allSatisfy(line -> {
            assertThat(line.path("view").asText()).isEqualTo("union");
            assertThat(line.path("version").asInt()).isEqualTo(2);
        });

        linesThatCannotBeAnsweredSaySoAndTheOthersGoOn();
        httpAnswersOneAndManyAndNamesWhatIsWrong(before);
        theInferenceProtocolSaysTheSame(before);
        whoADropComesFromIsFoundAndWrittenDown();
        whatATrainingWouldMeetIsSaidBefore();
        soItIsOfADatasetThatHasArrived();
    }

    private void whoADropComesFromIsFoundAndWrittenDown() throws Exception {
        RunningTestStack.Answer answer =
                tessellate.run("blame", "oracle/colours", "--why", "it answers otherwise", "--output", "json");
        assertThat(answer.exitCode()).as(answer.err()).isZero();
        JsonNode blame = answer.json();
        assertThat(blame.path("own").path("score").asDouble()).isEqualTo(score("task", 1));
        assertThat(blame.path("union").path("score").asDouble()).isEqualTo(score("union", 2));
        assertThat(blame.path("adapters")).singleElement().satisfies(animals -> {
            assertThat(animals.path("task").asText()).isEqualTo("animals");
            assertThat(animals.path("undone").path("score").asDouble()).isEqualTo(score("task", 1));
            assertThat(animals.path("alone").path("score").asDouble()).isEqualTo(score("union", 2));
        });
        assertThat(tessellate.run("blame", "oracle/animals").out()).contains("both views are the same weights");
        assertThat(tessellate.run("blame", "oracle/nothing").err()).contains("[UNKNOWN_TASK]");
        assertThat(tessellate.run("blame", "oracle/colours", "--version", "9").err())
                .contains("[UNKNOWN_VERSION]");
        assertThat(events()).first().satisfies(event -> {
            assertThat(event.getWho()).startsWith(System.getProperty("user.name") + " (token ");
            assertThat(event.getWhy()).isEqualTo("it answers otherwise");
            assertThat(event.getBlame().getTask()).isEqualTo("colours");
            assertThat(JSON.readTree(tessellate
                            .stack()
                            .blobs()
                            .read(new Sha256(event.getBlame().getReport().getSha256()))))
                    .isEqualTo(blame);
        });
    }

    private void whatATrainingWouldMeetIsSaidBefore() throws Exception {
        Path data = new TinyTask("one", "two", 96, 32, 3).write(directory.resolve("numbers"));
        RunningTestStack.Answer answer = tessellate.run(
                "forecast",
                "oracle",
                data.toString(),
                "--density",
                "0.2",
                "--learning-rate",
                "0.01",
                "--share",
                "1",
                "--output",
                "json");
        assertThat(answer.exitCode()).as(answer.err()).isZero();
        JsonNode forecast = answer.json();
        assertThat(forecast.path("task").asText()).isEqualTo("numbers");
        assertThat(forecast.path("version").asInt()).isEqualTo(2);
        assertThat(forecast.path("fits").asBoolean()).isTrue();
        assertThat(forecast.path("more").asInt()).isEqualTo(2);
        assertThat(forecast.path("owners"))
                .extracting(owner -> owner.path("task").asText())
                .containsExactly("colours", "animals");
        assertThat(forecast.path("conflicts"))
                .extracting(conflict -> conflict.path("cosine").asDouble())
                .allSatisfy(cosine -> assertThat(cosine).isBetween(-1.0, 1.0));
        RunningTestStack.Answer transfer =
                tessellate.run("transfer", "oracle", "--bound", "colours=1", "--output", "json");
        assertThat(transfer.json().path("forwardTransfer").isNull()).isTrue();
        assertThat(transfer.json().path("tasks").get(0).path("intransigence").asDouble())
                .isEqualTo(1 - score("task", 1));
    }

    private void soItIsOfADatasetThatHasArrived() throws Exception {
        String[] asked = {"--method", "lotto", "--density", "0.9", "--learning-rate", "0.01"};
        RunningTestStack.Answer refused =
                tessellate.run(arguments(asked, "forecast", "oracle", numbers(), "--share", "1", "--output", "json"));
        assertThat(refused.exitCode())
                .as("whoever asks before a push can tell by it")
                .isEqualTo(1);
        assertThat(refused.err()).contains("oracle/numbers does not fit on version", "[CAPACITY]");
        JsonNode ofTheDirectory = refused.json();
        RunningTestStack.Answer pushed =
                tessellate.run(arguments(asked, "push", "oracle/numbers", "--data", numbers(), "--wait"));
        assertThat(pushed.err()).contains("CAPACITY");
        List<String> doing = new ArrayList<>();
        JsonNode forecast = forecast("numbers", doing);
        assertThat(forecast.path("state").asText()).isEqualTo("FAILED");
        assertThat(forecast.path("trainedAs").isNull()).isTrue();
        assertThat(forecast.path("fits").asBoolean()).isFalse();
        assertThat(forecast.path("lacking").asText()).isNotEmpty();
        assertThat(List.of("version", "targeted", "free", "wanted", "fits", "more", "examples", "exact"))
                .allSatisfy(field -> assertThat(forecast.path(field)).isEqualTo(ofTheDirectory.path(field)));
        assertThat(doing).first().asString().isEqualTo("reads tasks.oracle.numbers");
        AnalysisEvent event = events().get(events().size() - 1);
        assertThat(event.getWho()).startsWith("ada (token ");
        assertThat(event.getForecast().getRun()).isEqualTo(forecast.path("run").asText());
        assertThat(event.getForecast().getChosen()).isNull();
        Sha256 report = new Sha256(event.getForecast().getReport().getSha256());
        assertThat(JSON.readTree(tessellate.stack().blobs().read(report))).isEqualTo(forecast);

        assertThat(forecast("colours", doing).path("trainedAs").asInt()).isEqualTo(1);
        assertThatThrownBy(() -> forecast("nothing", doing)).hasMessageContaining("no dataset was closed");
    }

    private String numbers() {
        return directory.resolve("numbers").toString();
    }

    private static String[] arguments(String[] asked, String... command) {
        return Stream.concat(Arrays.stream(command), Arrays.stream(asked)).toArray(String[]::new);
    }

    private JsonNode forecast(String task, List<String> doing) {
        StackApi api = new StackApi(
                tessellate.stack().file().http(),
                Path.of(tessellate.stack().file().token()));
        return api.ask(
                "/api/v1/models/oracle/tasks/%s/forecast".formatted(task),
                Map.of("share", 1, "who", "ada", "why", "before the next"),
                progress -> doing.add(progress.path("doing").asText()));
    }

    private double score(String view, int version) {
        JsonNode matrix = tessellate
                .run("matrix", "oracle", "--view", view, "--output", "json")
                .json();
        return matrix.path("matrix").get(version - 1).get(0).asDouble();
    }

    private List<AnalysisEvent> events() {
        List<AnalysisEvent> events = new ArrayList<>();
        try (LogTail<AnalysisEvent> tail = new LogTail<>(
                tessellate.stack().clients(),
                tessellate.stack().clients().topics().analyses(),
                entry -> events.add(entry.value()))) {
            tail.start();
            tail.awaitCaughtUp(Duration.ofSeconds(30));
        }
        return events.stream()
                .filter(event -> event.getModel().equals("oracle"))
                .toList();
    }

    private Path lines(List<TinyTask.Sentence> sentences) throws IOException {
        List<String> lines = new ArrayList<>();
        for (TinyTask.Sentence sentence : sentences) {
            lines.add(JSON.writeValueAsString(Map.of("id", sentence.id(), "text", sentence.text())));
        }
        return Files.write(directory.resolve("texts.jsonl"), lines);
    }

    private static List<JsonNode> all(RunningTestStack.Answer answer) {
        return answer.out()
                .lines()
                .map(line -> {
                    try {
                        return JSON.readTree(line);
                    } catch (IOException e) {
                        throw new AssertionError(line, e);
                    }
                })
                .toList();
    }

    /** As often as the eval split says of the task: it has the same sentences. */
    private void answersAreRight(RunningTestStack.Answer answer, List<TinyTask.Sentence> sentences) {
        List<JsonNode> lines = all(answer);
        assertThat(lines).hasSameSizeAs(sentences);
        int right = 0;
        for (int i = 0; i < lines.size(); i++) {
            JsonNode line = lines.get(i);
            assertThat(line.path("line").asInt()).isEqualTo(i + 1);
            assertThat(line.path("id").asText()).isEqualTo(sentences.get(i).id());
            assertThat(line.path("probabilities").path("red").asDouble()
                            + line.path("probabilities").path("blue").asDouble())
                    .isBetween(1 - 1e-9, 1 + 1e-9);
            right += line.path("index").asInt() == sentences.get(i).label() ? 1 : 0;
        }
        double score = tessellate
                .run("matrix", "oracle", "--view", "task", "--output", "json")
                .json()
                .path("matrix")
                .get(0)
                .get(0)
                .asDouble();
        assertThat((double) right / lines.size()).isEqualTo(score);
    }

    private void linesThatCannotBeAnsweredSaySoAndTheOthersGoOn() throws IOException {
        Path lines = Files.writeString(
                directory.resolve("mixed.jsonl"),
                "{\"text\":\"red apple\"}\nnot json\n\n{\"prompt\":\"red\"}\n{\"text\":\"blue\"}\n");
        RunningTestStack.Answer answer = tessellate.run("predict", "oracle/colours", lines.toString());
        assertThat(answer.exitCode()).isEqualTo(1);
        assertThat(answer.err()).contains("2 of 4 lines have no answer");
        assertThat(all(answer)).extracting(line -> line.path("line").asInt()).containsExactly(1, 2, 4, 5);
        assertThat(all(answer))
                .extracting(line -> line.path("error").path("code").asText())
                .containsExactly("", "MALFORMED_FILE", "MISSING_FIELD", "");
        RunningTestStack.Answer unknown = tessellate.run("predict", "oracle/nothing", lines.toString());
        assertThat(unknown.exitCode()).isEqualTo(1);
        assertThat(unknown.err()).contains("UNKNOWN_TASK").contains("colours");
    }

    private void httpAnswersOneAndManyAndNamesWhatIsWrong(RunningTestStack.Answer lines) throws Exception {
        String path = "/api/v1/models/oracle/tasks/colours/predictions";
        String first = new TinyTask("red", "blue", 96, 32, 1).eval().get(0).text();
        HttpResponse<String> one = post(path, JSON.writeValueAsString(Map.of("text", first)));
        assertThat(one.statusCode()).as(one.body()).isEqualTo(200);
        JsonNode single = JSON.readTree(one.body());
        assertThat(single.path("version").asInt()).isEqualTo(1);
        assertThat(single.path("probabilities")).isEqualTo(all(lines).get(0).path("probabilities"));

        HttpResponse<String> many = post(path + "?view=union&version=2", "{\"instances\":[{\"text\":\"red\"},{}]}");
        JsonNode predictions = JSON.readTree(many.body()).path("predictions");
        assertThat(predictions.get(0).path("label").asText()).isIn("red", "blue");
        assertThat(predictions.get(1).path("error").path("code").asText()).isEqualTo("MISSING_FIELD");

        assertThat(post(path, "[]").statusCode()).isEqualTo(400);
        assertThat(post(path, "{\"prompt\":\"x\"}").statusCode()).isEqualTo(422);
        assertThat(post(path + "?version=9", "{\"text\":\"x\"}").statusCode()).isEqualTo(404);
        assertThat(post(path + "?view=both", "{\"text\":\"x\"}").statusCode()).isEqualTo(400);
        StringBuilder tooMany = new StringBuilder("{\"instances\":[{}");
        tooMany.append(",{}".repeat(1000)).append("]}");
        assertThat(post(path, tooMany.toString()).statusCode()).isEqualTo(413);
    }

    private void theInferenceProtocolSaysTheSame(RunningTestStack.Answer lines) throws Exception {
        String first = new TinyTask("red", "blue", 96, 32, 1).eval().get(0).text();
        String body = JSON.writeValueAsString(Map.of(
                "id",
                "7",
                "inputs",
                List.of(Map.of("name", "text", "datatype", "BYTES", "shape", List.of(1), "data", List.of(first)))));
        JsonNode answer =
                JSON.readTree(post("/v2/models/oracle.colours/infer", body).body());
        assertThat(answer.path("id").asText()).isEqualTo("7");
        assertThat(answer.path("model_version").asText()).isEqualTo("1");
        JsonNode probabilities = answer.path("outputs").get(2);
        assertThat(probabilities.path("shape")).isEqualTo(JSON.readTree("[1,2]"));
        assertThat(probabilities.path("data").get(0).asDouble())
                .isEqualTo(all(lines).get(0).path("probabilities").path("red").asDouble());
        assertThat(JSON.readTree(get("/v2/models/oracle.colours").body())
                        .path("name")
                        .asText())
                .isEqualTo("oracle.colours");
        assertThat(get("/v2/models/oracle.colours/ready").statusCode()).isEqualTo(200);
        assertThat(get("/v2/health/ready").statusCode()).isEqualTo(200);
        assertThat(get("/v2/models/oracle.nothing/ready").statusCode()).isEqualTo(404);
    }

    private HttpResponse<String> post(String path, String body) throws IOException, InterruptedException {
        String token =
                Files.readString(Path.of(tessellate.stack().file().token())).strip();
        return send(HttpRequest.newBuilder(uri(path))
                .header("Authorization", "Bearer " + token)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build());
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(uri(path)).build());
    }

    private URI uri(String path) {
        return URI.create(tessellate.stack().file().http()).resolve(path);
    }

    private static HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
        return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    }
}
