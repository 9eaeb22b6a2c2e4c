package io.tessellate.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tessellate.engine.backend.Backends;
import io.tessellate.engine.model.fixture.TinyBase;
import io.tessellate.engine.version.ProcessEngine;
import io.tessellate.event.RegistryEvent;
import io.tessellate.id.ModelName;
import io.tessellate.lineage.Lineage;
import io.tessellate.lineage.ModelLine;
import io.tessellate.lineage.log.RegistryEvent.AdapterCommitted;
import io.tessellate.lineage.log.RegistryEventCodec;
import io.tessellate.pipeline.RunningTestStack.Answer;
import io.tessellate.pipeline.check.HistoryReader;
import io.tessellate.pipeline.reproduce.ReproducedRun;
import io.tessellate.pipeline.reproduce.Reproducer;
import io.tessellate.pipeline.reproduce.Reproducibility;
import io.tessellate.registry.client.SharedLogs;
import io.tessellate.runtime.config.DataDirectory;
import io.tessellate.runtime.kafka.KafkaClients;
import io.tessellate.topic.TopicCatalogue;
import io.tessellate.worker.Reproduction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** {@code tessellate reproduce} on the embedded stack: two tasks, one upon the other, the second of which races for its rate and replays. */
@ExtendWith(SharedStack.class)
class ReproduceIT {
    private final RunningTestStack tessellate;
    private final Path directory;
    private final PushedTasks tasks;

    ReproduceIT(RunningTestStack tessellate, @TempDir Path directory) throws IOException {
        this.tessellate = tessellate;
        this.directory = directory;
        this.tasks = new PushedTasks(tessellate, directory, TinyBase.write(directory.resolve("base")));
    }

    @Test
    void aVersionIsTrainedAgainToTheSameWeightsAndWhatWasTamperedWithIsCaught() throws Exception {
        tasks.register("repeated", "--forgetting-budget", "1");
        tasks.push("repeated/colours", new TinyTask("red", "blue", 64, 16, 1), "--method", "lotto", "--density", "0.2");
        raced("repeated/animals", new TinyTask("cat", "dog", 64, 16, 2));
        tasks.awaitChampion("repeated", 2); // its promotion is the last that is written for it
        String before = everything();

        JsonNode upper = same(tessellate.run("reproduce", "repeated", "2", "--output", "json"));
        assertThat(upper).hasSize(1);
        JsonNode both = same(tessellate.run("reproduce", "repeated", "2", "--from-base", "--output", "json"));
        assertThat(both).extracting(run -> run.path("version").asInt()).containsExactly(1, 2);

        anotherMachineIsSaid();
        anotherSeedComesToOtherWeights();
        assertThat(everything()).as("nothing was written").isEqualTo(before);
        recordsThatAreGoneAreNamed();
        whatNeedsEarlierHeadsAloneMissesNoRecords();
        whatCalibratesOnOneTaskMissesNoOther();
    }

    private void raced(String task, TinyTask data) throws IOException {
        Path files = data.write(directory.resolve("raced"));
        Answer answer = tessellate.run(
                "push",
                task,
                "--data",
                files.toString(),
                "--wait",
                "--epochs",
                "2",
                "--batch-size",
                "16",
                "--method",
                "lotto",
                "--density",
                "0.2",
                "--replay",
                "0.25",
                "--learning-rate",
                "auto");
        assertThat(answer.exitCode()).as(answer.err()).isZero();
    }

    private static JsonNode same(Answer answer) {
        assertThat(answer.exitCode()).as(answer.toString()).isZero();
        JsonNode runs = answer.json().path("runs");
        assertThat(answer.json().path("ok").asBoolean()).isTrue();
        assertThat(runs).allSatisfy(run -> {
            assertThat(run.path("came").asText()).isEqualTo("same");
            assertThat(run.path("now").asText()).isEqualTo(run.path("recorded").asText());
            assertThat(run.path("machine")).isEmpty();
        });
        return runs;
    }

    private void anotherMachineIsSaid() {
        Answer answer = tessellate.run(
                "reproduce", "repeated", "1", "--output", "json", "--set", "tessellate.backend=" + Backends.ND4J);
        assertThat(answer.exitCode()).as(answer.toString()).isZero();
        JsonNode run = answer.json().path("runs").get(0);
        assertThat(run.path("came").asText()).isIn("same", "other-machine");
        assertThat(run.path("machine"))
                .extracting(fact -> "%s %s %s"
                        .formatted(
                                fact.path("fact").asText(),
                                fact.path("then").asText(),
                                fact.path("now").asText()))
                .contains("backend host nd4j");
    }

    /** A lineage that was written over: the weights are not those of the seed that it says. */
    private void anotherSeedComesToOtherWeights() {
        ReproducedRun run = againBy(line(recipe -> recipe.replace("\"seed\":1", "\"seed\":2")));
        assertThat(run.came()).isEqualTo(Reproducibility.DIFFERENT);
        assertThat(run.difference()).hasValueSatisfying(difference -> {
            assertThat(difference.places() + difference.values()).isPositive();
            assertThat(difference.of()).isPositive();
        });
    }

    private ReproducedRun againBy(ModelLine line) {
        KafkaClients clients = tessellate.stack().clients();
        SharedLogs logs = SharedLogs.of(clients, Clock.systemUTC());
        logs.datasets().start();
        try (logs;
                HistoryReader reader =
                        new HistoryReader(clients, tessellate.stack().blobs());
                Reproduction reproduction = new Reproduction(
                        clients,
                        logs.datasets(),
                        tessellate.stack().blobs(),
                        new DataDirectory(directory.resolve("scratch")),
                        ProcessEngine.of(Backends.HOST, Long.MAX_VALUE))) {
            logs.datasets().awaitCaughtUp(Duration.ofMinutes(1));
            return new Reproducer(
                            reader.read(),
                            line,
                            tessellate.stack().blobs(),
                            reproduction,
                            (phase, step, steps, secondsLeft) -> {})
                    .reproduce(1, false, run -> {})
                    .get(0);
        }
    }

    /** The model as it would be had its first commit another recipe. */
    private ModelLine line(Function<String, String> recipe) {
        Lineage lineage = new Lineage();
        for (RegistryEvent event :
                tasks.read(tessellate.stack().clients().topics().registry())) {
            if (event.getModel().equals("repeated") && event.getAdapterCommitted() != null) {
                String recorded = event.getAdapterCommitted().getRecipe();
                event.getAdapterCommitted().setRecipe(recipe.apply(recorded));
            }
            lineage.apply(RegistryEventCodec.fromAvro(event));
        }
        return lineage.require(new ModelName("repeated"));
    }

    private void recordsThatAreGoneAreNamed() throws Exception {
        deleteRecords("tasks.repeated.colours");

        Answer own = tessellate.run("reproduce", "repeated", "1", "--output", "json");
        assertThat(own.exitCode()).isEqualTo(1);
        assertThat(own.json().path("ok").asBoolean()).isFalse();
        assertThat(own.json().path("runs").get(0).path("came").asText()).isEqualTo("not-trained");
        assertThat(own.json().path("runs").get(0).path("said").toString()).contains("RECORDS_GONE");
        assertThat(own.err()).contains("[NOT_REPRODUCED]");

        Answer replayed = tessellate.run("reproduce", "repeated", "2", "--output", "json");
        assertThat(replayed.exitCode()).isEqualTo(1);
        assertThat(replayed.json().path("runs").get(0).path("said").toString())
                .contains("EARLIER_DATA_GONE")
                .contains("colours");
    }

    /** Of the first task there is nothing left but its adapter. */
    private void whatNeedsEarlierHeadsAloneMissesNoRecords() throws IOException {
        tasks.push(
                "repeated/shapes",
                new TinyTask("round", "square", 64, 16, 3),
                "--method",
                "lotto",
                "--density",
                "0.2",
                "--replay",
                "0",
                "--distill-share",
                "0.5",
                "--pseudo-share",
                "0.5");
        assertThat(committed(3).leftOut()).isEmpty();
        same(tessellate.run("reproduce", "repeated", "3", "--output", "json"));

        tasks.push("repeated/sounds", new TinyTask("loud", "low", 64, 16, 4), "--method", "lotto", "--density", "0.1");
        assertThat(committed(4).leftOut())
                .as("where records are replayed it is said that some are gone")
                .extracting(lost -> lost.task().value())
                .containsExactly("colours");
        same(tessellate.run("reproduce", "repeated", "4", "--output", "json"));
    }

    /** The first task's records are gone; those of the second are there. */
    private void whatCalibratesOnOneTaskMissesNoOther() throws IOException {
        TinyTask smells = new TinyTask("sweet", "sour", 64, 16, 5);
        tasks.push("repeated/smells", smells, "--method", "lotto", "--replay", "0", "--mask-from", "animals");
        assertThat(committed(5).leftOut()).isEmpty();
        same(tessellate.run("reproduce", "repeated", "5", "--output", "json"));

        Path files = new TinyTask("bitter", "salty", 64, 16, 6).write(directory.resolve("tastes"));
        Answer refused = tessellate.run(
                "push",
                "repeated/tastes",
                "--data",
                files.toString(),
                "--wait",
                "--method",
                "lotto",
                "--replay",
                "0",
                "--mask-from",
                "colours");
        assertThat(refused.exitCode()).as(refused.toString()).isEqualTo(1);
        assertThat(refused.out() + refused.err())
                .contains("EARLIER_DATA_GONE", "'maskFrom' is colours, whose records can no longer be read");
    }

    private AdapterCommitted committed(int version) {
        return line(recipe -> recipe).commit(version).commit();
    }

    private void deleteRecords(String topic) throws Exception {
        try (Admin admin = tessellate.stack().clients().admin()) {
            int partitions = admin.describeTopics(List.of(topic))
                    .allTopicNames()
                    .get(30, TimeUnit.SECONDS)
                    .get(topic)
                    .partitions()
                    .size();
            for (int partition = 0; partition < partitions; partition++) {
                TopicPartition one = new TopicPartition(topic, partition);
                long end = admin.listOffsets(Map.of(one, OffsetSpec.latest()))
                        .partitionResult(one)
                        .get(30, TimeUnit.SECONDS)
                        .offset();
                admin.deleteRecords(Map.of(one, RecordsToDelete.beforeOffset(end)))
                        .all()
                        .get(30, TimeUnit.SECONDS);
            }
        }
    }

    /** How much there is of everything that is written for a model, and of files. */
    private String everything() throws IOException {
        TopicCatalogue topics = tessellate.stack().clients().topics();
        long events = Stream.of(topics.registry(), topics.trainings(), topics.registryCommands(), topics.tasks())
                .mapToLong(topic -> tasks.read(topic).stream()
                        .filter(event -> event.toString().contains("\"repeated\""))
                        .count())
                .sum();
        return "%d events, %d blobs"
                .formatted(events, count(Path.of(tessellate.stack().file().blobs())));
    }

    private static long count(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile).count();
        }
    }
}
