package io.tessellate.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tessellate.engine.model.fixture.TinyBase;
import io.tessellate.engine.model.fixture.TinyDecoder;
import io.tessellate.pipeline.RunningTestStack.Answer;
import io.tessellate.pipeline.check.PromiseCheck;
import io.tessellate.pipeline.check.PromiseVerdict;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A failure belongs to the record, the task or the model it came from: into one running stack go a task of every kind of failure and
 * garbage for every topic, and ten sound tasks of three models, which must not notice.
 */
@Tag("chaos")
class IsolationIT {
    private static final Duration PATIENCE = Duration.ofMinutes(15);
    private static final Set<String> FINAL = Set.of("EVALUATED", "FAILED", "REJECTED", "DUPLICATE");
    private static final List<String> MODELS = List.of("one", "two", "three");
    private static final int SOUND = 10;
    private static final String[] QUICK = {
        "--method",
        "lotto",
        "--density",
        "0.05",
        "--epochs",
        "1",
        "--batch-size",
        "16",
        "--learning-rate",
        "0.01",
        "--seed",
        "1"
    };

    @TempDir
    private Path directory;

    @Test
    void oneBadTaskOfEachKindStopsNoSoundOne() throws Exception {
        RunningTestStack.requireRegistry();
        try (RunningTestStack tessellate = new RunningTestStack(directory.resolve("data"));
                ForeignProducer foreign = new ForeignProducer(tessellate.stack().file())) {
            prepare(tessellate);
            BadTasks bad = new BadTasks(tessellate, foreign, directory);
            bad.garbageIntoEveryControlTopic();
            bad.afterAnEarlierTopicWasDeleted();
            bad.ofAModelWithADamagedFile();
            bad.ofAModelWithAFileNamedUpwards();
            bad.ofAJsonSchema();
            bad.ofAProtobufSchema();
            bad.thatGrowWhenUncompressed();
            bad.withAbsurdTimestamps();
            bad.withAManifestThatCannotBeRead();
            bad.withAManifestThatContradictsTheData();
            bad.ofATopicThatIsCreatedAgain();
            bad.withARecipeThatCannotBeHad();
            bad.thatDiverges();
            bad.withAPromptThatLeavesNothingToScore();
            List<String> sound = pushSound(tessellate);

            soundOnesAreMeasured(tessellate, sound);
            badOnesAreVisible(tessellate, bad.expected());
            promisesAreKept(tessellate);
        }
    }

    private void prepare(RunningTestStack tessellate) throws IOException {
        Path encoder = TinyBase.write(directory.resolve("encoder"));
        Path decoder = TinyDecoder.write(directory.resolve("decoder"));
        for (String model : List.of("one", "two", "three", "forgetful", "damaged")) {
            ask(tessellate, "models", "register", model, "--base", encoder.toString(), "--forgetting-budget", "1");
        }
        ask(tessellate, "models", "register", "teller", "--base", decoder.toString());
        for (String model : List.of("forgetful", "damaged")) {
            Path files = new TinyTask("red", "blue", 48, 16, 7).write(directory.resolve(model));
            push(tessellate, model + "/first", files, "--wait");
        }
    }

    private List<String> pushSound(RunningTestStack tessellate) throws IOException {
        List<String> tasks = new ArrayList<>();
        for (int i = 0; i < SOUND; i++) {
            String task = MODELS.get(i % MODELS.size()) + "/sound-" + i;
            Path files = new TinyTask("red", "blue", 48, 16, 100 + i).write(directory.resolve(task.replace('/', '-')));
            push(tessellate, task, files);
            tasks.add(task);
        }
        return tasks;
    }

    private static void push(RunningTestStack tessellate, String task, Path files, String... more) {
        List<String> arguments = new ArrayList<>(List.of("push", task, "--data", files.toString()));
        arguments.addAll(List.of(QUICK));
        arguments.addAll(List.of(more));
        ask(tessellate, arguments.toArray(String[]::new));
    }

    private static void ask(RunningTestStack tessellate, String... arguments) {
        Answer answer = tessellate.run(arguments);
        assertThat(answer.exitCode()).as(answer.err()).isZero();
    }

    private static void soundOnesAreMeasured(RunningTestStack tessellate, List<String> sound) {
        Map<String, JsonNode> last = new TreeMap<>();
        Awaitility.await("ten sound tasks of three models")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofSeconds(1))
                .conditionEvaluationListener(condition -> {
                    if (!condition.isSatisfied() && condition.getRemainingTimeInMS() < 2_000) {
                        last.values().forEach(System.out::println);
                    }
                })
                .until(() -> {
                    last.putAll(tasks(tessellate));
                    return sound.stream().allMatch(task -> last.containsKey(task) && isFinal(last.get(task)));
                });
        assertThat(sound)
                .allSatisfy(task -> assertThat(state(last.get(task)))
                        .as(last.get(task).toString())
                        .isEqualTo("EVALUATED"));
    }

    private static void badOnesAreVisible(RunningTestStack tessellate, Map<String, List<String>> expected) {
        Map<String, JsonNode> last = new TreeMap<>();
        Awaitility.await("every bad task ends and says why")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofSeconds(1))
                .conditionEvaluationListener(condition -> {
                    if (!condition.isSatisfied() && condition.getRemainingTimeInMS() < 2_000) {
                        last.values().forEach(System.out::println);
                    }
                })
                .until(() -> {
                    last.putAll(tasks(tessellate));
                    return expected.entrySet().stream()
                            .allMatch(entry -> says(last.get(entry.getKey()), entry.getValue())
                                    && hasEnded(entry.getKey(), last.get(entry.getKey())));
                });
    }

    /** What waits for a person is at its end for now. */
    private static boolean hasEnded(String name, JsonNode task) {
        return name.startsWith("damaged/") || isFinal(task);
    }

    private static boolean says(JsonNode task, List<String> words) {
        return task != null && words.stream().anyMatch(task.toString()::contains);
    }

    private static boolean isFinal(JsonNode task) {
        return task != null && FINAL.contains(state(task));
    }

    private static String state(JsonNode task) {
        return task.path("state").asText();
    }

    private static Map<String, JsonNode> tasks(RunningTestStack tessellate) {
        Answer answer = tessellate.run("tasks", "--output", "json");
        assertThat(answer.exitCode()).as(answer.err()).isZero();
        Map<String, JsonNode> tasks = new TreeMap<>();
        answer.json().forEach(task -> tasks.put(task.path("task").asText(), task));
        return tasks;
    }

    /** Only the damaged file breaks a promise, and its breach has its name. */
    private static void promisesAreKept(RunningTestStack tessellate) {
        PromiseCheck sound = tessellate.check(model -> !model.equals("damaged"));
        assertThat(sound.kept()).as(sound.toString()).isTrue();
        PromiseCheck damaged = tessellate.check("damaged"::equals);
        assertThat(damaged.verdicts().stream().filter(verdict -> !verdict.kept()))
                .extracting(PromiseVerdict::number)
                .containsExactly(2);
        assertThat(damaged.verdicts().stream()
                        .flatMap(verdict -> verdict.broken().stream())
                        .flatMap(breach -> Stream.ofNullable(breach.path()))
                        .collect(Collectors.toSet()))
                .hasSize(1);
    }
}
