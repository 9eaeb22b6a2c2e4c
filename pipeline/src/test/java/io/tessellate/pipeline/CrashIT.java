package io.tessellate.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tessellate.event.ForgettingRow;
import io.tessellate.id.ModelName;
import io.tessellate.lineage.CommittedVersion;
import io.tessellate.lineage.Lineage;
import io.tessellate.lineage.ModelLine;
import io.tessellate.lineage.RegistryEventCodec;
import io.tessellate.pipeline.RunningTestStack.Answer;
import io.tessellate.pipeline.cli.Tessellate;
import io.tessellate.pipeline.stack.StackFile;
import io.tessellate.runtime.config.DataDirectory;
import io.tessellate.runtime.kafka.KafkaClients;
import io.tessellate.runtime.kafka.LogTail;
import io.tessellate.topic.Topic;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** kill -9 of the whole process in the middle of a training run. */
class CrashIT {
    private static final Duration PATIENCE = Duration.ofMinutes(4);
    private static final TinyTask TASK = new TinyTask("red", "blue", 400, 40, 21);
    private static final String[] RECIPE = {
        "--method",
        "lotto",
        "--density",
        "0.2",
        "--epochs",
        "100",
        "--batch-size",
        "4",
        "--learning-rate",
        "0.005",
        "--seed",
        "5"
    };

    @TempDir
    private Path directory;

    @Test
    void aKilledRunGoesOnAndEndsWithTheSameBytes() throws Exception {
        RunningTestStack.requireRegistry();
        Path base = TinyBase.write(directory.resolve("base"));
        Path files = TASK.write(directory.resolve("task"));

        Path killed = directory.resolve("killed");
        Process first = up(killed);
        try {
            ask(killed, "models", "register", "glue", "--base", base.toString());
            push(killed, files, false);
            awaitTraining(killed);
        } finally {
            first.destroyForcibly();
            assertThat(first.waitFor(20, TimeUnit.SECONDS)).isTrue();
        }
        CommittedVersion survivor = finish(killed);

        Path calm = directory.resolve("calm");
        Process undisturbed = up(calm);
        try {
            ask(calm, "models", "register", "glue", "--base", base.toString());
            push(calm, files, true);
            assertThat(survivor.adapter().sha256())
                    .isEqualTo(only(calm).adapter().sha256());
        } finally {
            end(undisturbed);
        }
    }

    /** Starts the killed directory again and waits until its one task is measured. */
    private static CommittedVersion finish(Path data) throws Exception {
        Process second = up(data);
        try {
            Awaitility.await()
                    .atMost(PATIENCE)
                    .pollInterval(Duration.ofSeconds(1))
                    .until(() -> state(data).equals("EVALUATED"));
            List<Integer> versions = read(data, clients -> clients.topics().forgetting()).stream()
                    .map(ForgettingRow::getVersion)
                    .toList();
            assertThat(versions).containsExactly(1);
            assertThat(ask(data, "verify", "glue").exitCode()).isZero();
            return only(data);
        } finally {
            end(second);
        }
    }

    /** A checkpoint on disk means that training is under way and that there is something to resume from. */
    private static void awaitTraining(Path data) {
        Awaitility.await().atMost(PATIENCE).pollInterval(Duration.ofMillis(50)).until(() -> {
            try (Stream<Path> files = Files.walk(data)) {
                return files.anyMatch(file -> file.endsWith("checkpoints/checkpoint"));
            } catch (UncheckedIOException e) {
                return false; // a file went away during the walk
            }
        });
    }

    private static CommittedVersion only(Path data) {
        Lineage lineage = new Lineage();
        read(data, clients -> clients.topics().registry())
                .forEach(event -> lineage.apply(RegistryEventCodec.fromAvro(event)));
        ModelLine line = lineage.require(new ModelName("glue"));
        assertThat(line.versions()).hasSize(1);
        return line.version(1);
    }

    private static String state(Path data) {
        return task(data).path("state").asText();
    }

    private static JsonNode task(Path data) {
        JsonNode tasks = ask(data, "tasks", "glue", "--output", "json").json();
        return tasks.isEmpty() ? tasks : tasks.get(0);
    }

    private static void push(Path data, Path files, boolean wait) {
        List<String> arguments = new ArrayList<>(List.of("push", "glue/colours", "--data", files.toString()));
        Collections.addAll(arguments, RECIPE);
        if (wait) {
            arguments.add("--wait");
        }
        ask(data, arguments.toArray(String[]::new));
    }

    private static Answer ask(Path data, String... arguments) {
        Answer answer = RunningTestStack.run(data, arguments);
        assertThat(answer.exitCode()).as(answer.err()).isZero();
        return answer;
    }

    private static Process up(Path data) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx512m",
                        "-Dtessellate.registry.home=" + System.getProperty("tessellate.registry.home"),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Tessellate.class.getName(),
                        "up",
                        "--data-dir",
                        data.toString())
                .redirectErrorStream(true)
                .redirectOutput(new File(data + ".out"))
                .start();
        Awaitility.await()
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(300))
                .until(() -> StackFile.running(new DataDirectory(data))
                                .filter(file -> file.pid() == process.pid())
                                .isPresent()
                        || !process.isAlive());
        assertThat(process.isAlive()).isTrue();
        return process;
    }

    private static void end(Process process) throws InterruptedException {
        process.destroy();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
    }

    private static <V> List<V> read(Path data, java.util.function.Function<KafkaClients, Topic<V>> topic) {
        StackFile file = StackFile.running(new DataDirectory(data)).orElseThrow();
        List<V> values = Collections.synchronizedList(new ArrayList<>());
        try (KafkaClients clients = new KafkaClients(file.kafka("test"));
                LogTail<V> tail = new LogTail<>(clients, topic.apply(clients), entry -> values.add(entry.value()))) {
            tail.start();
            tail.awaitCaughtUp(Duration.ofMinutes(1));
        }
        return values;
    }
}
