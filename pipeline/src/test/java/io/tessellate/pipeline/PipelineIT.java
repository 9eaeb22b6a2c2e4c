package io.tessellate.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.tessellate.engine.model.files.BaseModel;
import io.tessellate.engine.model.fixture.TinyBase;
import io.tessellate.event.EvaluationCompleted;
import io.tessellate.event.ForgettingRow;
import io.tessellate.event.View;
import io.tessellate.id.ModelName;
import io.tessellate.id.Sha256;
import io.tessellate.lineage.CommittedVersion;
import io.tessellate.lineage.Lineage;
import io.tessellate.lineage.ModelLine;
import io.tessellate.lineage.log.RegistryEventCodec;
import io.tessellate.mask.Mask;
import io.tessellate.mask.adapter.AdapterFile;
import io.tessellate.pipeline.RunningTestStack.Answer;
import io.tessellate.runtime.kafka.LogTail;
import io.tessellate.topic.Topic;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole way of datasets through the embedded stack, held to the promises. */
class PipelineIT {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final String[] QUICK = {
        "--epochs", "2", "--batch-size", "16", "--learning-rate", "0.01", "--seed", "1"
    };

    private static final Map<String, Object> FIRST_RECIPE = Map.of(
            "method", "lotto",
            "density", 0.1,
            "ticketDensity", 0.3,
            "targets", "attention",
            "maskScope", "tensor",
            "values", "bf16");
    private static final Map<String, Object> SECOND_RECIPE = Map.of(
            "method",
            "lotto",
            "density",
            0.1,
            "refreshes",
            1,
            "values",
            "bf16",
            "replayShare",
            0.25,
            "replayMemory",
            0.5,
            "replaySchedule",
            "rising",
            "distillShare",
            0.25);

    @TempDir
    private static Path directory;

    private static Path base;
    private static RunningTestStack tessellate;

    @BeforeAll
    static void start() throws IOException {
        RunningTestStack.requireRegistry();
        base = TinyBase.write(directory.resolve("base"));
        tessellate = new RunningTestStack(directory.resolve("data"));
    }

    @AfterAll
    static void stop() {
        if (tessellate != null) {
            tessellate.close();
        }
    }

    /** A thread that dies is replaced, so that only its number tells: the first task topic once cost one. */
    @AfterEach
    void noStreamThreadDied() throws IOException, InterruptedException {
        URI metrics = URI.create(tessellate.stack().file().http()).resolve("/metrics");
        String scraped = HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(metrics).build(), HttpResponse.BodyHandlers.ofString())
                .body();
        assertThat(scraped.lines().filter(line -> line.startsWith("kafka_stream_failed_stream_threads_total{")))
                .hasSize(3)
                .allSatisfy(line -> assertThat(line).endsWith(" 0.0"));
    }

    @Test
    void tasksPushedOneAfterTheOtherKeepThePromises() throws IOException {
        register("glue", "--forgetting-budget", "1");
        push("glue/colours", new TinyTask("red", "blue", 96, 32, 1), "--method", "lotto", "--density", "0.2");
        push("glue/animals", new TinyTask("cat", "dog", 96, 32, 2), "--method", "lotto", "--density", "0.2");

        countsAddUp(tessellate.run("tasks", "glue", "--output", "json").json());
        noWeightHasTwoOwners("glue");
        oneRowPerVersion("glue", 2);
        theTaskViewIsExact("glue", "colours");

        JsonNode masks = tessellate.run("masks", "glue", "--output", "json").json();
        assertThat(masks.path("overlap").asLong()).isZero();
        assertThat(masks.path("eligible").asLong() - masks.path("free").asLong())
                .isEqualTo(masks.path("tasks").get(0).path("owned").asLong()
                        + masks.path("tasks").get(1).path("owned").asLong());
        JsonNode verdict = tessellate.run("verify", "glue", "--output", "json").json();
        assertThat(verdict.path("ok").asBoolean()).isTrue();
        assertThat(verdict.path("tasks")).hasSize(2);
        var exports = new ExportChecks(tessellate, directory, BaseModel.load(base));
        exports.loadAgain();
        exports.aTaskIsAShiraAdapter();
        exports.aTaskUnderAMaskIsNoLoraAdapter();
        exports.tasksMergeToTheUnionView();
    }

    @Test
    void expanderMasksAndFullFineTuningRunOnTheSameStack() throws IOException {
        register("sparse", "--forgetting-budget", "1");
        push("sparse/colours", new TinyTask("red", "green", 48, 16, 3), "--method", "expander", "--density", "0.25");
        push("sparse/verbs", new TinyTask("runs", "sings", 48, 16, 4), "--method", "expander", "--density", "0.25");
        noWeightHasTwoOwners("sparse");
        assertThat(tessellate.run("verify", "sparse").exitCode()).isZero();

        register("dense", "--ownership", "shared");
        push("dense/colours", new TinyTask("red", "green", 48, 16, 3), "--method", "full", "--replay", "0");
        push("dense/verbs", new TinyTask("runs", "sings", 48, 16, 4), "--method", "full", "--replay", "0");
        JsonNode masks = tessellate.run("masks", "dense", "--output", "json").json();
        assertThat(masks.path("overlap").asLong())
                .isEqualTo(masks.path("eligible").asLong());
        oneRowPerVersion("dense", 2);
    }

    @Test
    void lowRankTasksLeaveAsLoraAdapters() throws IOException {
        register("low-rank", "--ownership", "shared");
        push("low-rank/colours", new TinyTask("red", "green", 48, 16, 3), "--method", "lora", "--rank", "3");
        push("low-rank/animals", new TinyTask("cat", "dog", 48, 16, 4), "--method", "lora", "--rank", "4");
        new ExportChecks(tessellate, directory, BaseModel.load(base)).lowRankTasksAreLoraAdapters();
    }

    /** What chooses a mask and what holds earlier tasks, together and on a base that is kept in 16 bits. */
    @Test
    void fieldsOfARecipeGoTogetherToVersionsOfABaseInSixteenBits() throws IOException {
        Path half = TinyBase.writeBrainFloats(directory.resolve("half"));
        register("half", half, "--forgetting-budget", "1");
        assertThat(line("half").file("model.safetensors").sha256())
                .isEqualTo(Sha256.of(half.resolve("model.safetensors")));
        push("half/colours", new TinyTask("red", "blue", 48, 16, 1), options(FIRST_RECIPE));
        push("half/animals", new TinyTask("cat", "dog", 48, 16, 2), options(SECOND_RECIPE));

        RecipeChecks checks = new RecipeChecks(tessellate, line("half"));
        checks.theRegistryShows(1, FIRST_RECIPE);
        checks.theRegistryShows(2, SECOND_RECIPE);
        checks.ownedValuesAreBrainFloats(1);
        checks.ownedWeightsLieIn(1, ".attention.");
        checks.everyTensorGivesTheSameShare(1);
        checks.theMaskReportSaysTheSame();
        noWeightHasTwoOwners("half");
        oneRowPerVersion("half", 2);
        theTaskViewIsExact("half", "colours");
        checks.theCommandLineVerifies();
    }

    private static String[] options(Map<String, Object> recipe) {
        return recipe.entrySet().stream()
                .flatMap(field -> Stream.of(
                        "--" + field.getKey().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT),
                        field.getValue().toString()))
                .toArray(String[]::new);
    }

    @Test
    void parallelTasksTrainOnOneVersionAndAnOrdinaryOneAfterThemOnAll() throws IOException {
        register("crowd", "--forgetting-budget", "1");
        String[] parallel = {"--method", "expander", "--density", "0.25", "--parallel"};
        send("crowd/colours", new TinyTask("red", "blue", 96, 32, 1), parallel);
        send("crowd/animals", new TinyTask("cat", "dog", 96, 32, 2), parallel);
        push("crowd/verbs", new TinyTask("runs", "sings", 96, 32, 3), "--method", "matchings", "--density", "0.25");

        noWeightHasTwoOwners("crowd");
        oneRowPerVersion("crowd", 3);
        ModelLine line = line("crowd");
        assertThat(line.version(3).task().task().value()).isEqualTo("verbs");
        assertThat(List.of(1, 2, 3))
                .extracting(number -> AdapterFile.read(tessellate
                                .stack()
                                .blobs()
                                .fetch(line.version(number).adapter().sha256()))
                        .metadata()
                        .parent())
                .containsExactly(line.versionDigest(0), line.versionDigest(0), line.versionDigest(2));
        assertThat(tessellate
                        .run("verify", "crowd", "--output", "json")
                        .json()
                        .path("ok")
                        .asBoolean())
                .isTrue();
        JsonNode spectra = tessellate
                .run("masks", "crowd", "--output", "json")
                .json()
                .path("tasks")
                .get(2)
                .path("spectra");
        assertThat(spectra).isNotEmpty();
        assertThat(spectra.get(0).path("gap").asDouble()).isPositive();
    }

    @Test
    void tasksOwnPartsOfTheirClassesWhereTheyAvoidWhatMattersToEarlierOnes() throws IOException {
        register("careful", "--forgetting-budget", "1");
        String[] expander = {"--method", "expander", "--density", "0.25"};
        String[] byFisher = {"--method", "expander", "--density", "0.25", "--parallel", "--avoid", "fisher"};
        String[] byConflict = {"--method", "expander", "--density", "0.25", "--parallel", "--avoid", "conflict"};
        push("careful/colours", new TinyTask("red", "blue", 96, 32, 1), expander);
        send("careful/animals", new TinyTask("cat", "dog", 96, 32, 2), byFisher);
        send("careful/verbs", new TinyTask("runs", "sings", 96, 32, 3), byConflict);
        push("careful/paces", new TinyTask("fast", "slow", 96, 32, 4), "--method", "lotto", "--density", "0.2");

        noWeightHasTwoOwners("careful");
        oneRowPerVersion("careful", 4);
        ModelLine line = line("careful");
        long whole = line.version(1).owned();
        assertThat(whole).isEqualTo(line.space().size() / 4);
        assertThat(line.version(1).spectra()).isNotEmpty();
        for (int number : List.of(2, 3)) {
            assertThat(line.version(number).owned()).isEqualTo(whole - whole / 2);
            assertThat(line.version(number).spectra()).isEmpty();
        }
        assertThat(tessellate
                        .run("verify", "careful", "--output", "json")
                        .json()
                        .path("ok")
                        .asBoolean())
                .isTrue();
    }

    /** Pushes a dataset without waiting for what comes of it. */
    private static void send(String task, TinyTask data, String... recipe) throws IOException {
        Path files = data.write(directory.resolve(task.replace('/', '-')));
        List<String> arguments = new ArrayList<>(List.of("push", task, "--data", files.toString()));
        Collections.addAll(arguments, QUICK);
        Collections.addAll(arguments, recipe);
        Answer answer = tessellate.run(arguments.toArray(String[]::new));
        assertThat(answer.exitCode()).as(answer.err()).isZero();
    }

    @Test
    void theSameDatasetAgainTrainsNothingTwice() throws IOException {
        register("again");
        TinyTask task = new TinyTask("red", "blue", 32, 16, 5);
        push("again/colours", task, "--density", "0.25");
        Answer second = push("again/colours", task, "--density", "0.25");
        assertThat(second.err()).contains("holds this dataset already; nothing is sent");
        Answer other = tessellate.run(
                "push",
                "again/colours",
                "--data",
                directory.resolve("again-colours").toString(),
                "--seed",
                "2");
        assertThat(other.exitCode()).isEqualTo(1);
        assertThat(other.err()).contains("[TASK_CLOSED]").doesNotContain("\tat ");
        assertThat(line("again").currentVersion()).isEqualTo(1);
    }

    @Test
    void whatIsWrongIsSaidInOneLineWithItsCode() {
        Answer unknown = tessellate.run("matrix", "nobody", "--output", "json");
        assertThat(unknown.exitCode()).isEqualTo(1);
        assertThat(unknown.out()).isEmpty();
        assertThat(unknown.err().strip()).isEqualTo("tessellate: model nobody is not registered [UNKNOWN_MODEL]");
        Answer usage = tessellate.run("push", "no-slash", "--data", "x");
        assertThat(usage.exitCode()).isEqualTo(2);
        assertThat(usage.err()).contains("task 'no-slash' must be model/task");
    }

    @Test
    void aSecondStackOnTheSameDirectoryIsRefused() {
        Answer second = tessellate.run("up");
        assertThat(second.exitCode()).isEqualTo(1);
        assertThat(second.err()).contains("in use by another 'tessellate up'");
    }

    private static void register(String model, String... more) {
        register(model, base, more);
    }

    private static void register(String model, Path base, String... more) {
        List<String> arguments =
                new ArrayList<>(List.of("models", "register", model, "--base", base.toString(), "--output", "json"));
        Collections.addAll(arguments, more);
        Answer answer = tessellate.run(arguments.toArray(String[]::new));
        assertThat(answer.exitCode()).as(answer.err()).isZero();
        assertThat(answer.json().path("model").asText()).isEqualTo(model);
    }

    private static Answer push(String task, TinyTask data, String... recipe) throws IOException {
        Path files = data.write(directory.resolve(task.replace('/', '-')));
        List<String> arguments =
                new ArrayList<>(List.of("push", task, "--data", files.toString(), "--wait", "--output", "json"));
        Collections.addAll(arguments, QUICK);
        Collections.addAll(arguments, recipe);
        Answer answer = tessellate.run(arguments.toArray(String[]::new));
        assertThat(answer.exitCode()).as(answer.err()).isZero();
        assertThat(answer.json().path("state").asText()).isEqualTo("EVALUATED");
        return answer;
    }

    private static void countsAddUp(JsonNode tasks) {
        assertThat(tasks).isNotEmpty();
        for (JsonNode task : tasks) {
            long sum = task.path("accepted").asLong()
                    + task.path("deadLettered").asLong()
                    + task.path("duplicates").asLong();
            assertThat(task.path("read").asLong())
                    .as(task.toString())
                    .isEqualTo(sum)
                    .isEqualTo(128);
        }
    }

    private static void noWeightHasTwoOwners(String model) {
        ModelLine line = line(model);
        Mask owned = Mask.none(line.space());
        for (CommittedVersion version : line.versions()) {
            Mask mask = AdapterFile.read(
                            tessellate.stack().blobs().fetch(version.adapter().sha256()))
                    .mask(line.space());
            assertThat(mask.cardinality()).isEqualTo(version.owned());
            assertThat(mask.intersects(owned)).isFalse();
            owned = owned.union(mask);
        }
    }

    private static void oneRowPerVersion(String model, int versions) {
        List<ForgettingRow> rows = read(tessellate.stack().clients().topics().forgetting()).stream()
                .filter(row -> row.getModel().equals(model))
                .toList();
        assertThat(rows).extracting(ForgettingRow::getVersion).containsExactlyElementsOf(numbers(versions));
        assertThat(rows).allSatisfy(row -> {
            assertThat(row.getTasks()).hasSize(row.getVersion());
            assertThat(row.getUnion().getScores()).hasSize(row.getVersion());
            assertThat(row.getTask().getScores()).hasSize(row.getVersion());
        });
    }

    private static void theTaskViewIsExact(String model, String first) {
        JsonNode matrix = tessellate
                .run("matrix", model, "--view", "task", "--output", "json")
                .json();
        assertThat(matrix.path("matrix").get(1).get(0).asDouble())
                .isEqualTo(matrix.path("matrix").get(0).get(0).asDouble());
        assertThat(matrix.path("forgetting").asDouble()).isCloseTo(0, within(0.0));
        List<String> digests = read(tessellate.stack().clients().topics().evaluations()).stream()
                .filter(evaluation -> evaluation.getModel().equals(model)
                        && evaluation.getTask().equals(first)
                        && evaluation.getView() == View.TASK)
                .map(EvaluationCompleted::getPredictionsDigest)
                .toList();
        assertThat(digests).hasSize(2);
        assertThat(digests.get(1)).isEqualTo(digests.get(0));
    }

    private static List<Integer> numbers(int last) {
        List<Integer> numbers = new ArrayList<>();
        for (int i = 1; i <= last; i++) {
            numbers.add(i);
        }
        return numbers;
    }

    private static ModelLine line(String model) {
        Lineage lineage = new Lineage();
        read(tessellate.stack().clients().topics().registry())
                .forEach(event -> lineage.apply(RegistryEventCodec.fromAvro(event)));
        return lineage.require(new ModelName(model));
    }

    private static <V> List<V> read(Topic<V> topic) {
        List<V> values = Collections.synchronizedList(new ArrayList<>());
        try (LogTail<V> tail = new LogTail<>(tessellate.stack().clients(), topic, entry -> values.add(entry.value()))) {
            tail.start();
            tail.awaitCaughtUp(PATIENCE);
        }
        return values;
    }
}
