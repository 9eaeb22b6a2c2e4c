package io.tessellate.ingest;

import static io.tessellate.ingest.IngestBench.SST2;
import static io.tessellate.ingest.IngestBench.example;
import static io.tessellate.ingest.IngestBench.header;
import static io.tessellate.ingest.IngestBench.manifest;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tessellate.event.RecordCounts;
import io.tessellate.id.TaskId;
import io.tessellate.ingest.arrival.Arrival;
import io.tessellate.ingest.arrival.ArrivalSerde;
import io.tessellate.ingest.arrival.Unprocessable;
import io.tessellate.ingest.attempt.DatasetProcessor;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No record and no manifest stops the tasks of others, and none vanishes. */
final class BadRecordsTest {
    private static final TaskId OTHER = TaskId.parse("glue/other");
    private static final int FOREIGN_SCHEMA = 353;

    private final IngestBench bench = new IngestBench();

    @AfterEach
    void closeBench() {
        bench.close();
    }

    private void push(TaskId task, int records) {
        for (int i = 0; i < records; i++) {
            bench.record(task, example("id-" + i, i % 4 == 3 ? "eval" : "train", task + " text " + i, "positive"));
        }
    }

    private void assertOthersGoOn() {
        bench.manifest(manifest(OTHER).setExpectedRecords(8L));
        push(OTHER, 8);
        assertThat(bench.last(OTHER).getReady()).isNotNull();
    }

    private static byte[] withSchema(int id, int bytes) {
        return ByteBuffer.allocate(5 + bytes).put((byte) 0).putInt(id).array();
    }

    @ParameterizedTest
    @ValueSource(strings = {"JSON", "PROTOBUF"})
    void aRecordWithAForeignKindOfSchemaIsOneDeadLetter(String type) {
        bench.registry.foreign(FOREIGN_SCHEMA, type);
        bench.manifest(manifest(SST2).setExpectedRecords(9L).setTolerance(0.2));
        bench.bytes(SST2, null, withSchema(FOREIGN_SCHEMA, 20));
        push(SST2, 8);
        assertThat(bench.letters()).hasSize(1);
        assertThat(header(bench.letters().get(0), "tessellate.code")).isEqualTo("UNDECODABLE");
        assertThat(header(bench.letters().get(0), "tessellate.reason"))
                .isEqualTo("schema 353 is of type %s, needed is AVRO".formatted(type));
        assertThat(bench.last(SST2).getReady().getCounts()).isEqualTo(new RecordCounts(9L, 8L, 1L, 0L));
        assertOthersGoOn();
    }

    @Test
    void aManifestWithAForeignKindOfSchemaRejectsTheTaskOfItsKey() {
        bench.registry.foreign(FOREIGN_SCHEMA, "JSON");
        bench.manifestBytes("glue/sst2", withSchema(FOREIGN_SCHEMA, 20));
        assertThat(bench.last(SST2).getRejected().getCode()).isEqualTo("UNDECODABLE");
        assertThat(bench.last(SST2).getRejected().getMessage()).contains("type JSON, needed is AVRO");
        assertOthersGoOn();
    }

    @Test
    void aRecordThatGrowsBeyondEveryTopicIsADeadLetterWithoutItsBytes() {
        bench.manifest(manifest(SST2).setExpectedRecords(9L).setTolerance(0.2));
        bench.record(SST2, example("big", "train", "x".repeat(20 << 20), "positive"));
        push(SST2, 8);
        TestRecord<String, byte[]> letter = bench.letters().get(0);
        assertThat(letter.value()).isNull();
        assertThat(header(letter, "tessellate.code")).isEqualTo("RECORD_TOO_LARGE");
        assertThat(header(letter, "tessellate.reason")).contains("once it is decompressed, allowed are 15728640");
        assertThat(header(letter, "tessellate.dropped")).startsWith("value; the record had 209");
        assertThat(header(letter, "tessellate.offset")).isEqualTo("0");
        assertThat(bench.last(SST2).getReady().getCounts()).isEqualTo(new RecordCounts(9L, 8L, 1L, 0L));
    }

    @Test
    void keyAndHeadersThatDoNotFitAreLeftOutToo() {
        bench.manifest(manifest(SST2));
        var record = new TestRecord<>(new byte[2 << 20], new byte[] {1, 2});
        record.headers().add("trace", new byte[1 << 20]);
        bench.record(SST2, record);
        TestRecord<String, byte[]> letter = bench.letters().get(0);
        assertThat(letter.value()).containsExactly(1, 2);
        assertThat(letter.headers().lastHeader("trace")).isNull();
        assertThat(header(letter, "tessellate.key")).isNull();
        assertThat(header(letter, "tessellate.dropped")).startsWith("key and headers; the record had");
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1234, 4_102_444_800_000L, Long.MAX_VALUE})
    void whateverTimeARecordSaysWhatIsWrittenCarriesTheTimeOfWriting(long timestamp) {
        bench.manifest(manifest(SST2));
        bench.record(SST2, new TestRecord<>(null, new byte[] {9}, Instant.ofEpochMilli(timestamp)));
        TestRecord<String, byte[]> letter = bench.letters().get(0);
        assertThat(letter.timestamp()).isEqualTo(bench.now());
        assertThat(header(letter, "tessellate.timestamp")).isEqualTo(Long.toString(timestamp));
        assertThat(bench.said()).allMatch(said -> said.timestamp() == bench.now());
        assertThat(bench.produced()).allMatch(time -> time == bench.now());
    }

    @Test
    void nullKeysAndNullValuesAreRecordsLikeOthers() {
        bench.manifest(manifest(SST2).setExpectedRecords(10L).setTolerance(0.3));
        bench.bytes(SST2, null, null);
        bench.bytes(SST2, new byte[0], new byte[0]);
        push(SST2, 8);
        assertThat(bench.last(SST2).getReady().getCounts()).isEqualTo(new RecordCounts(10L, 8L, 2L, 0L));
    }

    @Test
    void aManifestThatWouldNotFitIntoWhatIsSaidAboutItsTaskIsRefused() {
        List<String> labels = IntStream.range(0, 60_000)
                .mapToObj(i -> "a label with number " + i)
                .toList();
        bench.manifest(manifest(SST2).setLabels(labels));
        assertThat(bench.last(SST2).getRejected().getCode()).isEqualTo("RECORD_TOO_LARGE");
        assertThat(bench.last(SST2).getRejected().getMessage()).contains("allowed are 524288");
        assertOthersGoOn();
    }

    @Test
    void aReasonThatQuotesALongValueIsShortenedAndSaysSo() {
        bench.manifest(manifest(SST2).setLabels(Collections.nCopies(9_000, "same")));
        String message = bench.last(SST2).getRejected().getMessage();
        assertThat(message).contains("labels must differ").contains("characters in all)");
        assertThat(message.length()).isLessThan(1_100);
        assertThat(header(bench.letters().get(0), "tessellate.reason")).isEqualTo(message);
    }

    @Test
    void aManifestUnderAForeignKeyRejectsTheTaskItIsAbout() {
        bench.manifest("sst2 of glue", manifest(SST2).setExpectedRecords(8L));
        assertThat(bench.last(SST2).getRejected().getCode()).isEqualTo("INVALID_MANIFEST");
        assertThat(bench.last(SST2).getRejected().getMessage()).contains("a key that is not model/task");
        assertThat(bench.letters()).hasSize(1);
    }

    @Test
    void aDefectEndsTheAttemptOfItsTaskAndOfNoOther() {
        push(SST2, 3);
        KeyValueStore<Bytes, byte[]> waiting = bench.bytesStore(DatasetProcessor.WAITING);
        waiting.all().forEachRemaining(entry -> waiting.delete(entry.key));
        bench.manifest(manifest(SST2).setExpectedRecords(8L));
        bench.pass(Duration.ofMillis(200));
        assertThat(bench.last(SST2).getRejected().getCode()).isEqualTo("DEFECT");
        assertThat(bench.last(SST2).getRejected().getMessage()).contains("3 waiting records were not looked at");
        assertOthersGoOn();

        bench.manifest(manifest(SST2).setExpectedRecords(8L));
        push(SST2, 8);
        assertThat(bench.last(SST2).getReady()).isNotNull();
    }

    @Test
    void theLettersOfTheLastResortNameTaskAndPlace() {
        Arrival arrival = new Arrival(
                Arrival.Kind.RECORD,
                "tasks.glue.sst2",
                new io.tessellate.ingest.arrival.SourcePosition(2, 7),
                5,
                6,
                new org.apache.kafka.common.header.internals.RecordHeaders(),
                "k".getBytes(UTF_8),
                new byte[] {4});
        var context = new FailedRecord("x-records-repartition", 3, 99, ArrivalSerde.write(arrival));
        var letter = new Unprocessable(IngestBench.TOPICS)
                .of(context, new IllegalStateException("boom"))
                .get(0);
        assertThat(letter.key()).isEqualTo("glue/sst2".getBytes(UTF_8));
        assertThat(letter.value()).containsExactly(4);
        assertThat(new String(letter.headers().lastHeader("tessellate.offset").value(), UTF_8))
                .isEqualTo("7");
        assertThat(new String(letter.headers().lastHeader("tessellate.reason").value(), UTF_8))
                .contains("boom");
    }
}
