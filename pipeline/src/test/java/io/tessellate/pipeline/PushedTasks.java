package io.tessellate.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.tessellate.event.EvaluationCompleted;
import io.tessellate.event.ForgettingRow;
import io.tessellate.event.View;
import io.tessellate.id.ModelName;
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
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import org.awaitility.Awaitility;

/**
 * Models and tasks of a running stack, and what is promised of every one of them.
 *
 * @param directory where datasets are written
 * @param base of the models, unless another is named
 */
record PushedTasks(RunningTestStack tessellate, Path directory, Path base) {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final String[] QUICK = {
        "--epochs", "2", "--batch-size", "16", "--learning-rate", "0.01", "--seed", "1"
    };

    void register(String model, String... more) {
        register(model, base, more);
    }

    void register(String model, Path base, String... more) {
        List<String> arguments =
                new ArrayList<>(List.of("models", "register", model, "--base", base.toString(), "--output", "json"));
        Collections.addAll(arguments, more);
        Answer answer = tessellate.run(arguments.toArray(String[]::new));
        assertThat(answer.exitCode()).as(answer.err()).isZero();
        assertThat(answer.json().path("model").asText()).isEqualTo(model);
    }

    Answer push(String task, TinyTask data, String... recipe) throws IOException {
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

    /** Pushes a dataset without waiting for what comes of it. */
    void send(String task, TinyTask data, String... recipe) throws IOException {
        Path files = data.write(directory.resolve(task.replace('/', '-')));
        List<String> arguments = new ArrayList<>(List.of("push", task, "--data", files.toString()));
        Collections.addAll(arguments, QUICK);
        Collections.addAll(arguments, recipe);
        Answer answer = tessellate.run(arguments.toArray(String[]::new));
        assertThat(answer.exitCode()).as(answer.err()).isZero();
    }

    /** Waits until a sent dataset is closed and has its place in its model's queue, which the order of pushes alone does not give. */
    void awaitQueued(String task) {
        String model = task.substring(0, task.indexOf('/'));
        Awaitility.await(task).atMost(Duration.ofMinutes(2)).until(() -> {
            for (JsonNode each :
                    tessellate.run("tasks", model, "--output", "json").json()) {
                if (each.path("task").asText().equals(task)) {
                    return each.path("run").isTextual();
                }
            }
            return false;
        });
    }

    /** Waits until a version is champion in the fold that answers are given from: it is promoted a moment after its row is out. */
    void awaitChampion(String model, int version) {
        Awaitility.await(model)
                .atMost(Duration.ofMinutes(2))
                .until(() -> tessellate
                        .stack()
                        .logs()
                        .lineage()
                        .require(new ModelName(model))
                        .champion()
                        .equals(OptionalInt.of(version)));
    }

    /** The same of a dataset that is trained on until somebody ends it. */
    void sendEndless(String task, TinyTask data, String... recipe) throws IOException {
        Path files = data.write(directory.resolve(task.replace('/', '-')));
        List<String> arguments = new ArrayList<>(List.of("push", task, "--data", files.toString()));
        Collections.addAll(arguments, "--epochs", "100000", "--learning-rate", "0.001", "--seed", "1");
        Collections.addAll(arguments, recipe);
        Answer answer = tessellate.run(arguments.toArray(String[]::new));
        assertThat(answer.exitCode()).as(answer.err()).isZero();
    }

    /** The same of one that never gets beyond calibrating its mask. */
    void sendCalibrating(String task, TinyTask data) throws IOException {
        sendEndless(task, data, "--method", "lotto", "--density", "0.1", "--calibration-epochs", "100000");
    }

    void noWeightHasTwoOwners(String model) {
        ModelLine line = line(model);
        Mask owned = Mask.none(line.space());
        for (CommittedVersion version : line.commits()) {
            Mask mask = AdapterFile.read(
                            tessellate.stack().blobs().fetch(version.adapter().sha256()))
                    .mask(line.space());
            assertThat(mask.cardinality()).isEqualTo(version.owned());
            assertThat(mask.intersects(owned)).isFalse();
            owned = owned.union(mask);
        }
    }

    void oneRowPerVersion(String model, int versions) {
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

    void theTaskViewIsExact(String model, String first) {
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

    ModelLine line(String model) {
        Lineage lineage = new Lineage();
        read(tessellate.stack().clients().topics().registry())
                .forEach(event -> lineage.apply(RegistryEventCodec.fromAvro(event)));
        return lineage.require(new ModelName(model));
    }

    private static List<Integer> numbers(int last) {
        List<Integer> numbers = new ArrayList<>();
        for (int i = 1; i <= last; i++) {
            numbers.add(i);
        }
        return numbers;
    }

    <V> List<V> read(Topic<V> topic) {
        List<V> values = Collections.synchronizedList(new ArrayList<>());
        try (LogTail<V> tail = new LogTail<>(tessellate.stack().clients(), topic, entry -> values.add(entry.value()))) {
            tail.start();
            tail.awaitCaughtUp(PATIENCE);
        }
        return values;
    }
}
