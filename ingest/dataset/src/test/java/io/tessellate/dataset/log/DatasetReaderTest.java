package io.tessellate.dataset.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.confluent.kafka.schemaregistry.ParsedSchema;
import io.confluent.kafka.schemaregistry.avro.AvroSchemaProvider;
import io.confluent.kafka.schemaregistry.client.MockSchemaRegistryClient;
import io.tessellate.dataset.Dataset;
import io.tessellate.dataset.DatasetDigest;
import io.tessellate.dataset.Example;
import io.tessellate.dataset.ExampleDigest;
import io.tessellate.dataset.Label;
import io.tessellate.dataset.Split;
import io.tessellate.dataset.manifest.ManifestCodec;
import io.tessellate.dataset.record.ExampleReader;
import io.tessellate.dataset.record.RecordDecoder;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.RetriableException;
import io.tessellate.error.TessellateException;
import io.tessellate.event.TaskExample;
import io.tessellate.event.TaskManifest;
import io.tessellate.id.RunId;
import io.tessellate.id.TaskId;
import io.tessellate.topic.AvroSerdes;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

final class DatasetReaderTest {
    private static final String TOPIC = "tasks.glue.sst2";
    private static final TopicPartition FIRST = new TopicPartition(TOPIC, 0);
    private static final TopicPartition SECOND = new TopicPartition(TOPIC, 1);

    private boolean away;
    private long begin;
    private long end = 100;
    private List<PartitionInfo> known = List.of(info(0), info(1));

    private final MockSchemaRegistryClient registry = new MockSchemaRegistryClient(List.of(new AvroSchemaProvider())) {
        @Override
        public ParsedSchema getSchemaById(int id)
                throws IOException, io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException {
            if (away) {
                throw new IOException("connection refused");
            }
            return super.getSchemaById(id);
        }
    };
    private final AvroSerdes serdes = new AvroSerdes(registry, true);
    private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("none");

    private byte[] encode(String id, String split, String text) {
        return serdes.of(TaskExample.class)
                .serializer()
                .serialize(
                        TOPIC,
                        TaskExample.newBuilder()
                                .setId(id)
                                .setSplit(split)
                                .setText(text)
                                .setLabel("b")
                                .build());
    }

    private DatasetReader reader(Map<TopicPartition, List<byte[]>> log) {
        consumer.updateEndOffsets(Map.of(FIRST, end, SECOND, end));
        consumer.updateBeginningOffsets(Map.of(FIRST, begin, SECOND, begin));
        consumer.updatePartitions(TOPIC, known);
        consumer.schedulePollTask(() -> log.forEach((partition, values) -> {
            for (int i = 0; i < values.size(); i++) {
                consumer.addRecord(
                        new ConsumerRecord<>(TOPIC, partition.partition(), 10L + i, new byte[0], values.get(i)));
            }
        }));
        return new DatasetReader(
                () -> consumer, new RecordDecoder(registry), Duration.ofMillis(300), Duration.ofMillis(20));
    }

    private Map<TopicPartition, List<byte[]>> log() {
        return Map.of(
                FIRST,
                List.of(
                        encode("1", "train", "one"),
                        new byte[] {1},
                        encode("2", "eval", "two"),
                        encode("9", "train", "late")),
                SECOND,
                List.of(
                        encode("1", "train", "other one"),
                        encode("3", "train", "three"),
                        encode(null, "train", "four")));
    }

    private static ClosedDataset ready(List<Example> examples, long read, long bad, long duplicates) {
        var digest = new DatasetDigest();
        var digests = new ExampleDigest();
        examples.forEach(example -> digest.add(digests.of(example)));
        TaskManifest manifest = TaskManifest.newBuilder()
                .setModel("glue")
                .setTask("sst2")
                .setLabels(List.of("a", "b"))
                .build();
        return new ClosedDataset(
                TaskId.parse("glue/sst2"),
                new RunId("run-1"),
                TOPIC,
                List.of(new OffsetRange(1, 10, 13), new OffsetRange(0, 10, 13)),
                ManifestCodec.fromAvro(manifest),
                new RecordCounts(read, examples.size(), bad, duplicates),
                3,
                1,
                digest.value(),
                ExampleReader.DEFAULT_TEXT_LIMIT);
    }

    private static Example example(String id, Split split, String text) {
        return new Example(id, split, text, null, new Label.ClassIndex(1));
    }

    private static final List<Example> EXPECTED = List.of(
            example("1", Split.TRAIN, "one"),
            example("2", Split.EVAL, "two"),
            example("3", Split.TRAIN, "three"),
            example(null, Split.TRAIN, "four"));

    @Test
    void aClosedDatasetIsReadAgainInTheOrderOfPartitionAndOffset() {
        Dataset dataset = reader(log()).read(ready(EXPECTED, 6, 1, 1));
        assertThat(dataset.train()).containsExactly(EXPECTED.get(0), EXPECTED.get(2), EXPECTED.get(3));
        assertThat(dataset.eval()).containsExactly(EXPECTED.get(1));
        assertThat(consumer.closed()).isTrue();
    }

    /** Compare with the closed dataset above: the same records, and of those that are none the first by its place. */
    @Test
    void recordsThatBelongToNoDatasetAreReadByTheRulesOfAManifestAndCounted() {
        ClosedDataset closed = ready(EXPECTED, 6, 1, 1);
        ReadRecords read = reader(log()).read(TOPIC, closed.ranges(), closed.manifest(), closed.textLimit());
        assertThat(read.dataset().train()).containsExactly(EXPECTED.get(0), EXPECTED.get(2), EXPECTED.get(3));
        assertThat(read.dataset().digest()).isEqualTo(closed.digest());
        assertThat(read.counts()).isEqualTo(new RecordCounts(6, 4, 1, 1));
        assertThat(read.refused().orElseThrow()).startsWith("partition 0, offset 11: UNDECODABLE ");
    }

    @Test
    void oneSplitCanBeRead() {
        assertThat(reader(log()).read(ready(EXPECTED, 6, 1, 1), Split.EVAL)).containsExactly(EXPECTED.get(1));
    }

    @Test
    void otherCountsOrContentAreNoticed() {
        assertThatThrownBy(() -> reader(log()).read(ready(EXPECTED, 5, 1, 1)))
                .isInstanceOfSatisfying(
                        TessellateException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DIGEST_MISMATCH))
                .hasMessageContaining("6 read and 4 accepted instead of 5 and 4");
    }

    @Test
    void aTopicThatWasDeletedIsGoneAndNotJustAway() {
        known = List.of();
        assertGone(ErrorCode.RECORDS_GONE, "topic " + TOPIC + " does not exist any more");
    }

    @Test
    void recordsThatExpiredOrWereDeletedAreGone() {
        begin = 11;
        assertGone(ErrorCode.RECORDS_GONE, "the dataset begins at offset 10, the partition at 11");
    }

    @Test
    void aTopicThatWasMadeAnewIsAnotherOne() {
        end = 12;
        assertGone(ErrorCode.TOPIC_RECREATED, "the dataset ends at offset 13, the partition at 12");
    }

    @Test
    void recordsThatWereCompactedAwayAreGone() {
        assertThatThrownBy(() -> reader(log()).read(ready(EXPECTED, 7, 1, 1)))
                .isNotInstanceOf(RetriableException.class)
                .isInstanceOfSatisfying(
                        TessellateException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.RECORDS_GONE))
                .hasMessageContaining("holds 6 of the dataset's 7 records");
    }

    @Test
    void aBrokerThatIsAwayCanComeBack() {
        DatasetReader reader = reader(log());
        consumer.setOffsetsException(new TimeoutException("no broker"));
        assertThatThrownBy(() -> reader.read(ready(EXPECTED, 6, 1, 1))).isInstanceOf(RetriableException.class);
    }

    private void assertGone(ErrorCode code, String message) {
        assertThatThrownBy(() -> reader(log()).read(ready(EXPECTED, 6, 1, 1)))
                .isNotInstanceOf(RetriableException.class)
                .isInstanceOfSatisfying(
                        TessellateException.class, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessageContaining(message);
    }

    private static PartitionInfo info(int partition) {
        Node node = new Node(0, "broker", 1);
        return new PartitionInfo(TOPIC, partition, node, new Node[] {node}, new Node[] {node});
    }

    @Test
    void otherContentIsNoticed() {
        List<Example> other = List.of(EXPECTED.get(0), EXPECTED.get(1), EXPECTED.get(2), EXPECTED.get(2));
        assertThatThrownBy(() -> reader(log()).read(ready(other, 6, 1, 1))).hasMessageContaining("digest");
    }

    @Test
    void recordsThatDoNotComeEndInAnError() {
        Map<TopicPartition, List<byte[]>> half = Map.of(FIRST, log().get(FIRST));
        assertThatThrownBy(() -> reader(half).read(ready(EXPECTED, 6, 1, 1)))
                .isInstanceOfSatisfying(
                        TessellateException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE_DEPENDENCY));
    }

    @Test
    void aRegistryThatIsAwayIsNotTheRecordsFault() {
        DatasetReader reader = reader(log());
        away = true;
        assertThatThrownBy(() -> reader.read(ready(EXPECTED, 6, 1, 1)))
                .isInstanceOfSatisfying(
                        TessellateException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE_DEPENDENCY));
    }
}
