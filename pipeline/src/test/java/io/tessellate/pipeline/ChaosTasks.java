package io.tessellate.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tessellate.engine.model.fixture.TinyBase;
import io.tessellate.pipeline.RunningTestStack.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** A stream of small tasks, pushed into every model alike, whether the stack is there or not. */
final class ChaosTasks {
    private static final Duration PATIENCE = Duration.ofMinutes(15);
    private static final String LONG_TASK = "long";
    private static final int TRAIN = 96;
    private static final int EVAL = 32;
    private static final String[] SHORT = {
        "--method",
        "lotto",
        "--density",
        "0.1",
        "--epochs",
        "2",
        "--batch-size",
        "16",
        "--learning-rate",
        "0.01",
        "--seed",
        "1"
    };
    private static final String[] LONG = {
        "--method",
        "lotto",
        "--density",
        "0.1",
        "--epochs",
        "100",
        "--batch-size",
        "4",
        "--learning-rate",
        "0.005",
        "--seed",
        "5"
    };

    private final Path data;
    private final Path base;
    private final Map<String, Path> files = new LinkedHashMap<>();

    ChaosTasks(Path data, Path directory) throws IOException {
        this.data = data;
        this.base = TinyBase.write(directory.resolve("base"));
        files.put(LONG_TASK, new TinyTask("red", "blue", 400, 40, 21).write(directory.resolve(LONG_TASK)));
        files.put("colours", sound("red", "green", 31, directory));
        files.put("animals", flawed("cat", "dog", 32, directory));
        files.put("verbs", sound("runs", "sings", 33, directory));
    }

    private static Path sound(String zero, String one, long seed, Path directory) throws IOException {
        return new TinyTask(zero, one, TRAIN, EVAL, seed).write(directory.resolve(zero + "-" + one));
    }

    /** With a record of a label that is none, and one that comes twice. */
    private static Path flawed(String zero, String one, long seed, Path directory) throws IOException {
        Path folder = sound(zero, one, seed, directory);
        Path train = folder.resolve("train.jsonl");
        String first = Files.readAllLines(train).get(0);
        Files.writeString(
                train, first + "\n{\"id\":\"strange\",\"text\":\"the bird\",\"label\":7}\n", StandardOpenOption.APPEND);
        return folder;
    }

    /** The names of a model's tasks: one that trains long enough to be killed in the middle, unless the model has none, and short ones. */
    static List<String> of(String model, boolean alsoLong) {
        return Stream.of(LONG_TASK, "colours", "animals", "verbs")
                .filter(name -> alsoLong || !name.equals(LONG_TASK))
                .map(name -> model + "/" + name)
                .toList();
    }

    void register(String model) {
        until("models", "register", model, "--base", base.toString());
    }

    /** Pushes tasks one after the other, each again until it is said to be there. */
    void push(List<String> tasks) {
        for (String task : tasks) {
            String name = task.substring(task.indexOf('/') + 1);
            Path folder = Objects.requireNonNull(files.get(name), name);
            List<String> arguments = new ArrayList<>(List.of("push", task, "--data", folder.toString()));
            Collections.addAll(arguments, name.equals(LONG_TASK) ? LONG : SHORT);
            until(arguments.toArray(String[]::new));
        }
    }

    private void until(String... arguments) {
        List<String> refusals = new ArrayList<>();
        Awaitility.await(String.join(" ", arguments))
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(500))
                .conditionEvaluationListener(condition -> {
                    if (!condition.isSatisfied() && condition.getRemainingTimeInMS() < 5_000) {
                        refusals.forEach(System.out::println);
                    }
                })
                .until(() -> {
                    Answer answer = RunningTestStack.run(data, arguments);
                    refusals.add(answer.err().strip());
                    return answer.exitCode() == 0;
                });
    }

    /** Waits until every task is measured; a task that ends otherwise ends the wait. */
    void awaitMeasured(Collection<String> tasks) {
        Map<String, String> states = new TreeMap<>();
        Awaitility.await("everything is measured")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofSeconds(1))
                .conditionEvaluationListener(condition -> {
                    if (condition.getRemainingTimeInMS() < 3_000) {
                        System.out.println("chaos: " + states);
                    }
                })
                .until(() -> {
                    states.putAll(states(tasks));
                    assertThat(states)
                            .as(states.toString())
                            .doesNotContainValue("FAILED")
                            .doesNotContainValue("REJECTED");
                    return states.keySet().containsAll(tasks)
                            && Set.copyOf(states.values()).equals(Set.of("EVALUATED"));
                });
    }

    private Map<String, String> states(Collection<String> tasks) {
        Answer answer = RunningTestStack.run(data, "tasks", "--output", "json");
        Map<String, String> states = new TreeMap<>();
        if (answer.exitCode() == 0) {
            for (JsonNode task : answer.json()) {
                String name = task.path("task").asText();
                if (tasks.contains(name)) {
                    states.put(name, task.path("state").asText());
                }
            }
        }
        return states;
    }
}
