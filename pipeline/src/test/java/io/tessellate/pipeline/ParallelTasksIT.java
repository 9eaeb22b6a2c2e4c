package io.tessellate.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tessellate.engine.model.fixture.TinyBase;
import io.tessellate.lineage.ModelLine;
import io.tessellate.mask.adapter.AdapterFile;
import io.tessellate.topic.TopicCatalogue;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.MemberDescription;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Tasks that are trained at the same time, through the embedded stack. */
@ExtendWith(SharedStack.class)
class ParallelTasksIT {
    private final RunningTestStack tessellate;
    private final PushedTasks tasks;

    ParallelTasksIT(RunningTestStack tessellate, @TempDir Path directory) throws IOException {
        this.tessellate = tessellate;
        this.tasks = new PushedTasks(tessellate, directory, TinyBase.write(directory.resolve("base")));
    }

    @Test
    void parallelTasksTrainOnOneVersionAndAnOrdinaryOneAfterThemOnAll() throws IOException {
        tasks.register("crowd", "--forgetting-budget", "1");
        String[] parallel = {"--method", "expander", "--density", "0.25", "--parallel"};
        tasks.send("crowd/colours", new TinyTask("red", "blue", 96, 32, 1), parallel);
        tasks.send("crowd/animals", new TinyTask("cat", "dog", 96, 32, 2), parallel);
        tasks.awaitQueued("crowd/colours");
        tasks.awaitQueued("crowd/animals");
        tasks.push(
                "crowd/verbs", new TinyTask("runs", "sings", 96, 32, 3), "--method", "matchings", "--density", "0.25");

        tasks.noWeightHasTwoOwners("crowd");
        tasks.oneRowPerVersion("crowd", 3);
        ModelLine line = tasks.line("crowd");
        assertThat(line.commit(3).task().task().value()).isEqualTo("verbs");
        assertThat(List.of(1, 2, 3))
                .extracting(number -> AdapterFile.read(tessellate
                                .stack()
                                .blobs()
                                .fetch(line.commit(number).adapter().sha256()))
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

    /** Companions go to one partition after the other: were those one lane's, nothing would be trained at the same time. */
    @Test
    void partitionsBesideEachOtherBelongToDifferentLanes() {
        String group = tessellate.stack().clients().settings().topics().control() + "-lanes";
        try (Admin admin = tessellate.stack().clients().admin()) {
            Awaitility.await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
                Map<Integer, String> lanes = new HashMap<>();
                for (MemberDescription member : admin.describeConsumerGroups(List.of(group))
                        .all()
                        .get()
                        .get(group)
                        .members()) {
                    member.assignment()
                            .topicPartitions()
                            .forEach(partition -> lanes.put(partition.partition(), member.consumerId()));
                }
                assertThat(lanes).hasSize(TopicCatalogue.LANES);
                assertThat(lanes.get(0)).isNotEqualTo(lanes.get(1));
            });
        }
    }

    @Test
    void tasksOwnPartsOfTheirClassesWhereTheyAvoidWhatMattersToEarlierOnes() throws IOException {
        tasks.register("careful", "--forgetting-budget", "1");
        String[] expander = {"--method", "expander", "--density", "0.25"};
        String[] byFisher = {"--method", "expander", "--density", "0.25", "--parallel", "--avoid", "fisher"};
        String[] byConflict = {"--method", "expander", "--density", "0.25", "--parallel", "--avoid", "conflict"};
        tasks.push("careful/colours", new TinyTask("red", "blue", 96, 32, 1), expander);
        tasks.send("careful/animals", new TinyTask("cat", "dog", 96, 32, 2), byFisher);
        tasks.send("careful/verbs", new TinyTask("runs", "sings", 96, 32, 3), byConflict);
        tasks.awaitQueued("careful/animals");
        tasks.awaitQueued("careful/verbs");
        tasks.push("careful/paces", new TinyTask("fast", "slow", 96, 32, 4), "--method", "lotto", "--density", "0.2");

        tasks.noWeightHasTwoOwners("careful");
        tasks.oneRowPerVersion("careful", 4);
        ModelLine line = tasks.line("careful");
        long whole = line.commit(1).owned();
        assertThat(whole).isEqualTo(line.space().size() / 4);
        assertThat(line.commit(1).spectra()).isNotEmpty();
        for (int number : List.of(2, 3)) {
            assertThat(line.commit(number).owned()).isEqualTo(whole - whole / 2);
            assertThat(line.commit(number).spectra()).isEmpty();
        }
        assertThat(tessellate
                        .run("verify", "careful", "--output", "json")
                        .json()
                        .path("ok")
                        .asBoolean())
                .isTrue();
    }
}
