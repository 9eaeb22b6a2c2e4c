package io.tessellate.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.confluent.kafka.schemaregistry.avro.AvroSchemaProvider;
import io.confluent.kafka.schemaregistry.client.MockSchemaRegistryClient;
import io.tessellate.dataset.Example;
import io.tessellate.dataset.log.ClosedDataset;
import io.tessellate.dataset.log.ClosedDatasetCodec;
import io.tessellate.dataset.log.DatasetReader;
import io.tessellate.dataset.log.OffsetRange;
import io.tessellate.dataset.log.ReadRecords;
import io.tessellate.dataset.log.RecordCounts;
import io.tessellate.dataset.manifest.ManifestCodec;
import io.tessellate.dataset.record.ExampleReader;
import io.tessellate.dataset.record.RecordDecoder;
import io.tessellate.engine.recipe.Recipe;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.RetriableException;
import io.tessellate.error.TessellateException;
import io.tessellate.event.TaskEvent;
import io.tessellate.event.TaskExample;
import io.tessellate.event.TaskManifest;
import io.tessellate.id.RunId;
import io.tessellate.id.Sha256;
import io.tessellate.id.TaskId;
import io.tessellate.registry.client.DatasetIndex;
import io.tessellate.topic.AvroSerdes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a worker reads for a recipe that calibrates its mask on data that the model never learnt. */
class MaskDatasetTest {
    private static final String TOPIC = "harm.prompts";
    private static final TopicPartition PARTITION = new TopicPartition(TOPIC, 0);
    private static final long BEGIN = 10;

    private final MockSchemaRegistryClient schemas = new MockSchemaRegistryClient(List.of(new AvroSchemaProvider()));
    private final AvroSerdes serdes = new AvroSerdes(schemas, true);
    private final List<byte[]> log = new ArrayList<>();
    private final DatasetIndex index = new DatasetIndex();
    private final ClosedDataset own = closed("glue/sst2", "tasks.glue.sst2", List.of(), Sha256.of(new byte[0]));
    private @Nullable KafkaException trouble;

    @BeforeEach
    void fourRecordsLieInATopic() {
        write("1", "train", "how to pick a lock", "b");
        write("2", "eval", "how to bake bread", "a");
        write("3", "train", "how to forge a note", "b");
        write("1", "train", "how to pick a lock", "b");
    }

    private void write(String id, String split, String text, String label) {
        log.add(serdes.of(TaskExample.class)
                .serializer()
                .serialize(
                        TOPIC,
                        TaskExample.newBuilder()
                                .setId(id)
                                .setSplit(split)
                                .setText(text)
                                .setLabel(label)
                                .build()));
    }

    private static TaskManifest manifest(TaskId task) {
        return TaskManifest.newBuilder()
                .setModel(task.model().value())
                .setTask(task.task().value())
                .setLabels(List.of("a", "b"))
                .build();
    }

    private static ClosedDataset closed(String name, String topic, List<OffsetRange> ranges, Sha256 digest) {
        TaskId task = TaskId.parse(name);
        return new ClosedDataset(
                task,
                new RunId("run-1"),
                topic,
                ranges,
                ManifestCodec.fromAvro(manifest(task)),
                new RecordCounts(4, 3, 0, 1),
                2,
                1,
                digest,
                ExampleReader.DEFAULT_TEXT_LIMIT);
    }

    /** Says that what lies in the topic was closed as another model's task. */
    private Sha256 close(String name) {
        ReadRecords now = reader().read(TOPIC, List.of(new OffsetRange(0, BEGIN, 14)), own.manifest(), 1000);
        ClosedDataset dataset = closed(
                name,
                TOPIC,
                List.of(new OffsetRange(0, BEGIN, 14)),
                now.dataset().digest());
        TaskId task = dataset.task();
        index.apply(TaskEvent.newBuilder()
                .setModel(task.model().value())
                .setTask(task.task().value())
                .setAt(Instant.EPOCH)
                .setReady(ClosedDatasetCodec.toAvro(dataset, manifest(task)))
                .build());
        return now.dataset().digest();
    }

    private DatasetReader reader() {
        return new DatasetReader(
                this::consumer, new RecordDecoder(schemas), Duration.ofMillis(300), Duration.ofMillis(5));
    }

    private Consumer<byte[], byte[]> consumer() {
        MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("none");
        Node node = new Node(0, "broker", 1);
        consumer.updatePartitions(
                TOPIC, List.of(new PartitionInfo(TOPIC, 0, node, new Node[] {node}, new Node[] {node})));
        consumer.updateBeginningOffsets(Map.of(PARTITION, BEGIN));
        consumer.updateEndOffsets(Map.of(PARTITION, BEGIN + log.size()));
        if (trouble != null) {
            consumer.setOffsetsException(trouble);
        }
        consumer.schedulePollTask(() -> {
            for (int i = 0; i < log.size(); i++) {
                consumer.addRecord(new ConsumerRecord<>(TOPIC, 0, BEGIN + i, new byte[0], log.get(i)));
            }
        });
        return consumer;
    }

    private Optional<MaskDataset.Borrowed> borrowed(String maskFrom) {
        return new MaskDataset(() -> index, reader()).of(recipe(maskFrom), own);
    }

    private static Recipe recipe(String maskFrom) {
        return Recipe.of(Map.of("method", "lotto", "maskFrom", maskFrom));
    }

    private void assertRefused(String maskFrom, ErrorCode code, String... parts) {
        assertThatExceptionOfType(TessellateException.class)
                .isThrownBy(() -> borrowed(maskFrom))
                .isNotInstanceOf(RetriableException.class)
                .withMessageStartingWith("recipe field 'maskFrom' is %s, which cannot be calibrated on: ", maskFrom)
                .satisfies(e -> assertThat(e.code()).isEqualTo(code))
                .satisfies(e -> assertThat(e.getMessage()).contains(parts));
    }

    @Test
    void whatIsTheTasksOwnOrAnEarlierTasksIsNotReadHere() {
        assertThat(borrowed("")).isEmpty();
        assertThat(borrowed("cola")).isEmpty();
    }

    @Test
    void anotherModelsDatasetIsReadAsItWasClosedLastAndTheRecipeOfRecordNamesItsContent() {
        Sha256 digest = close("other/harm");
        MaskDataset.Borrowed borrowed = borrowed("other/harm").orElseThrow();
        assertThat(borrowed.task()).isEqualTo(TaskId.parse("other/harm"));
        assertThat(borrowed.train())
                .extracting(Example::text)
                .containsExactly("how to pick a lock", "how to forge a note");
        Recipe recorded = borrowed.named(recipe("other/harm"));
        assertThat(recorded.calibration().maskFrom()).isEqualTo("other/harm@" + digest.hex());
        assertThat(borrowed(recorded.calibration().maskFrom())).hasValue(borrowed);
    }

    @Test
    void aDatasetThatWasNotClosedIsRefused() {
        assertRefused("other/harm", ErrorCode.UNKNOWN_TASK, "no such dataset was closed");
        close("other/harm");
        assertRefused("other/harm@" + "0".repeat(64), ErrorCode.UNKNOWN_TASK, "no such dataset was closed");
    }

    /** No dataset was closed of it, no model has it: the task's own manifest says how it is read, and its eval records stay out. */
    @Test
    void recordsOfATopicAreReadByTheTasksOwnManifestAndTheRecipeOfRecordNamesTheirContent() {
        MaskDataset.Borrowed borrowed = borrowed("topic:harm.prompts@0:10-14").orElseThrow();
        assertThat(borrowed.task()).isEqualTo(own.task());
        assertThat(borrowed.manifest()).isEqualTo(own.manifest());
        assertThat(borrowed.train())
                .extracting(Example::text)
                .containsExactly("how to pick a lock", "how to forge a note");
        String exactly = borrowed.named(recipe("topic:harm.prompts@0:10-14"))
                .calibration()
                .maskFrom();
        assertThat(exactly).matches("topic:harm\\.prompts@0:10-14@[0-9a-f]{64}");
        assertThat(borrowed(exactly)).hasValue(borrowed);

        assertThat(borrowed("topic:harm.prompts@0:12-13").orElseThrow().train())
                .extracting(Example::text)
                .containsExactly("how to forge a note");
    }

    @Test
    void recordsThatAreOtherOnesThanWereTrainedWithAreNoticed() {
        String exactly = borrowed("topic:harm.prompts@0:10-14").orElseThrow().exactly();
        log.clear();
        write("1", "train", "how to mend a lock", "a");
        for (int n = 2; n < 5; n++) {
            write(String.valueOf(n), "train", "anything", "b");
        }
        assertRefused(exactly, ErrorCode.DIGEST_MISMATCH, "its examples are other ones now: digest ");
    }

    @Test
    void recordsThatAreNotThereAreRefusedEachForItsReason() {
        assertRefused("topic:nowhere@0:0-5", ErrorCode.INVALID_RECIPE, "topic nowhere does not exist");
        assertRefused(
                "topic:harm.prompts@3:10-14", ErrorCode.INVALID_RECIPE, "partition harm.prompts-3 does not exist");
        assertRefused(
                "topic:harm.prompts@0:10-20",
                ErrorCode.INVALID_RECIPE,
                "records up to offset 20 are asked for, but harm.prompts-0 ends at 14");
        assertRefused(
                "topic:harm.prompts@0:4-14",
                ErrorCode.RECORDS_GONE,
                "deleted or expired: the dataset begins at offset 4, the partition at 10");
    }

    @Test
    void recordsWithLabelsOfAnotherKindAreRefusedWithTheFirstOfThem() {
        log.clear();
        write("1", "train", "how to pick a lock", "harmful");
        write("2", "train", "how to bake bread", "a");
        assertRefused(
                "topic:harm.prompts@0:10-12",
                ErrorCode.TOO_MANY_BAD_RECORDS,
                "1 of its 2 records are no examples by the manifest of glue/sst2, tolerated is a share of 0.01",
                "the first, at partition 0, offset 10: UNKNOWN_LABEL");
    }

    @Test
    void recordsOfTheEvalSplitAloneAreNothingToCalibrateOn() {
        assertRefused("topic:harm.prompts@0:11-12", ErrorCode.EMPTY_SPLIT, "none of its 1 records is a train example");
    }

    @Test
    void aTopicThatMayNotBeReadFailsTheTaskAndABrokerThatIsAwayIsWaitedFor() {
        trouble = new TopicAuthorizationException(TOPIC);
        assertRefused("topic:harm.prompts@0:10-14", ErrorCode.NOT_AUTHENTICATED, TOPIC);
        trouble = new TimeoutException("no broker");
        assertThatExceptionOfType(RetriableException.class).isThrownBy(() -> borrowed("topic:harm.prompts@0:10-14"));
    }
}
