package io.tessellate.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tessellate.event.TaskExample;
import io.tessellate.id.TaskId;
import java.time.Duration;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class TopicCatalogueTest {
    private final TopicCatalogue catalogue = new TopicCatalogue(TopicNames.DEFAULT);

    @Test
    void theCatalogueIsTheDocumentedTable() {
        assertThat(catalogue.all().stream()
                        .map(topic -> "%s %s %s"
                                .formatted(
                                        topic.name(),
                                        topic.cleanup().topicConfig().get("cleanup.policy"),
                                        topic.cleanup().retention()))
                        .collect(Collectors.joining("\n")))
                .isEqualTo("""
                        tessellate.manifests compact null
                        tessellate.tasks delete null
                        tessellate.dead-letters delete PT720H
                        tessellate.registry-commands delete PT168H
                        tessellate.parallel-tasks delete null
                        tessellate.trainings delete null
                        tessellate.training-progress delete PT168H
                        tessellate.registry delete null
                        tessellate.evaluation-jobs delete null
                        tessellate.evaluations delete null
                        tessellate.forgetting delete null
                        tessellate.alerts delete PT2160H
                        tessellate.alert-updates delete PT2160H
                        tessellate.analyses delete null
                        tessellate.predictions delete PT720H
                        tessellate.labels delete PT720H
                        tessellate.live-scores delete PT2160H
                        tessellate.removals delete null""");
    }

    @Test
    void allTopicsHaveTheSameNumberOfPartitionsSoThatAModelHasOneNumberEverywhere() {
        TopicCatalogue seven = new TopicCatalogue(TopicNames.DEFAULT, 7);
        assertThat(seven.all())
                .filteredOn(topic -> !topic.equals(seven.parallelTasks()))
                .allMatch(topic -> topic.partitions() == 7);
    }

    @Test
    void parallelTasksAreDealtOutToMoreLanesThanOthersHavePartitions() {
        assertThat(catalogue.parallelTasks().partitions()).isEqualTo(TopicCatalogue.LANES);
        assertThat(new TopicCatalogue(TopicNames.DEFAULT, 100).parallelTasks().partitions())
                .isEqualTo(100);
    }

    @Test
    void controlTopicsAreFullyCompatibleAndTaskTopicsBackward() {
        assertThat(catalogue.all()).allMatch(topic -> topic.compatibility() == Compatibility.FULL);
        Topic<TaskExample> task = catalogue.task(TaskId.parse("glue/sst2"));
        assertThat(task.compatibility()).isEqualTo(Compatibility.BACKWARD);
        assertThat(task.name()).isEqualTo("tasks.glue.sst2");
        assertThat(task.subject()).isEqualTo("tasks.glue.sst2-value");
    }

    @Test
    void prefixesAreConfigurable() {
        var names = new TopicNames("acme", "acme-tasks");
        assertThat(new TopicCatalogue(names).registry().name()).isEqualTo("acme.registry");
        assertThat(names.taskOf("acme-tasks.glue.sst2")).contains(TaskId.parse("glue/sst2"));
        assertThat(names.taskOf("tasks.glue.sst2")).isEmpty();
        assertThat(names.predict(TaskId.parse("glue/sst2"))).isEqualTo("acme-tasks-predict.glue.sst2");
        assertThat(TopicNames.taskOf(names.predictPattern(), "acme-tasks-predict.glue.sst2"))
                .contains(TaskId.parse("glue/sst2"));
        assertThat(TopicNames.DEFAULT.predict(TaskId.parse("glue/sst2"))).isEqualTo("predict.glue.sst2");
        assertThat(TopicNames.DEFAULT.labels(TaskId.parse("glue/sst2"))).isEqualTo("labels.glue.sst2");
        assertThat(TopicNames.taskOf(names.labelsPattern(), "acme-tasks-labels.glue.sst2"))
                .contains(TaskId.parse("glue/sst2"));
    }

    @Test
    void onlyTopicNamesOfTasksAreTaskTopics() {
        var names = TopicNames.DEFAULT;
        assertThat(names.taskOf("tasks.glue.sst2.extra")).isEmpty();
        assertThat(names.taskOf("tasks.Glue.sst2")).isEmpty();
        assertThat(names.taskOf("tasksXglue.sst2")).isEmpty();
        assertThat(names.taskPattern().matcher("tasks.a.b-c_d").matches()).isTrue();
    }

    @Test
    void topicsThatHoldBytesHaveRoomForRecordsOfAnyOther() {
        assertThat(catalogue.deadLetters().config()).containsEntry("max.message.bytes", "16777216");
        assertThat(catalogue.tasks().config()).doesNotContainKey("max.message.bytes");
        assertThat(catalogue.tasks().config()).containsEntry("retention.ms", "-1");
    }

    @Test
    void impossibleTopicsAreRefused() {
        assertThatThrownBy(() -> new TopicCatalogue(TopicNames.DEFAULT, 0).tasks())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("tessellate.tasks");
        assertThatThrownBy(() -> new Cleanup(true, Duration.ofDays(1))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Cleanup(false, Duration.ZERO)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aTopicThatLooksMeantForATaskIsNamedWithWhatIsWrong() {
        TopicNames names = TopicNames.DEFAULT;
        assertThat(names.stray("tasks.Model.x"))
                .hasValueSatisfying(
                        why -> assertThat(why)
                                .startsWith(
                                        "topic tasks.Model.x is read by nobody: it has capital letters; needed is tasks.<model>.<task>"));
        assertThat(names.stray("eu.tasks.m.t"))
                .hasValueSatisfying(why -> assertThat(why).contains("it has 'eu.' before 'tasks'"));
        assertThat(names.stray("tasks.only"))
                .hasValueSatisfying(why -> assertThat(why).contains("it has 2 parts"));
        assertThat(names.stray("tasks.m.t.more")).isPresent();
        assertThat(names.stray("tasks")).isPresent();
        assertThat(names.stray("tasks.m.t t"))
                .hasValueSatisfying(why -> assertThat(why).contains("a character that no name may have"));
        for (String topic : new String[] {
            "tasks.m.t",
            "tessellate.tasks",
            "tessellate.tasks-x-repartition",
            "__consumer_offsets",
            "orders",
            "mytasks.m.t"
        }) {
            assertThat(names.stray(topic)).as(topic).isEmpty();
        }
    }
}
