package io.tessellate.ingest.attempt;

import static io.tessellate.ingest.IngestBench.SST2;
import static io.tessellate.ingest.IngestBench.example;
import static io.tessellate.ingest.IngestBench.manifest;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tessellate.dataset.Split;
import io.tessellate.dataset.log.OffsetRange;
import io.tessellate.dataset.record.RecordDecoder;
import io.tessellate.error.ErrorCode;
import io.tessellate.ingest.IngestBench;
import io.tessellate.ingest.arrival.Arrival;
import io.tessellate.ingest.arrival.ArrivalSerde;
import io.tessellate.ingest.arrival.RejectionReason;
import io.tessellate.ingest.arrival.SourcePosition;
import java.util.Arrays;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

/** What is kept in stores and internal topics comes back as it was. */
final class StateTest {
    private static Arrival arrival(byte[] key, byte[] value) {
        var headers = new RecordHeaders();
        headers.add("trace", "äöü".getBytes(UTF_8));
        headers.add("empty", null);
        return new Arrival(
                Arrival.Kind.MANIFEST, "tasks.glue.sst2", new SourcePosition(3, 1L << 40), 17, 18, headers, key, value);
    }

    @Test
    void anArrivalComesBackByteForByte() {
        for (byte[] value : new byte[][] {null, {}, {0, 1, 2}}) {
            Arrival before = arrival(value, value);
            Arrival after = ArrivalSerde.read(ArrivalSerde.write(before));
            assertThat(after.kind()).isEqualTo(before.kind());
            assertThat(after.topic()).isEqualTo(before.topic());
            assertThat(after.position()).isEqualTo(before.position());
            assertThat(after.timestamp()).isEqualTo(17);
            assertThat(after.routedAt()).isEqualTo(18);
            assertThat(after.headers().toArray()).isEqualTo(before.headers().toArray());
            assertThat(after.key()).isEqualTo(value);
            assertThat(after.value()).isEqualTo(value);
        }
    }

    @Test
    void anArrivalThatLostItsBytesComesBackWithTheReason() {
        Arrival before = arrival(new byte[3], new byte[20 << 20]).fitting();
        Arrival after = ArrivalSerde.read(ArrivalSerde.write(before));
        assertThat(after.value()).isNull();
        assertThat(after.size()).isEqualTo(before.size()).isGreaterThan(20 << 20);
        assertThat(after.fault()).contains("allowed are 15728640");
    }

    @Test
    void bytesThatAreNoArrivalAreCalledThat() {
        byte[] whole = ArrivalSerde.write(arrival(null, new byte[9]));
        for (int length = 1; length < whole.length; length++) {
            byte[] torn = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> ArrivalSerde.read(torn)).isInstanceOf(SerializationException.class);
        }
    }

    @Test
    void aFormatFromTheFutureIsRefused() {
        byte[] bytes = ArrivalSerde.write(arrival(null, null));
        bytes[0] = 9;
        assertThatThrownBy(() -> ArrivalSerde.read(bytes))
                .isInstanceOf(SerializationException.class)
                .hasMessage("arrival has version 9, known is 2");
        byte[] state = DatasetProgress.fresh(SST2).save();
        state[0] = 9;
        assertThatThrownBy(() -> DatasetProgress.restore(SST2, state)).hasMessageContaining("version 9");
    }

    @Test
    void aDatasetComesBackWithEverythingItHadCounted() {
        DatasetProgress dataset = DatasetProgress.fresh(SST2);
        dataset.beginAttempt();
        dataset.tally().accept(Split.EVAL, new byte[32]);
        dataset.tally().duplicate();
        dataset.tally().cover(new SourcePosition(2, 7));
        dataset.tally().cover(new SourcePosition(0, 9));
        dataset.tally().cover(new SourcePosition(2, 8));
        dataset.waiting(Arrival.Kind.RECORD).join();
        dataset.tally().deadLetter(ErrorCode.UNKNOWN_LABEL, new SourcePosition(2, 8), "no such label");
        dataset.tally().deadLetter(ErrorCode.UNKNOWN_LABEL, new SourcePosition(0, 9), "nor this one");
        dataset.follows(new SourcePosition(2, 8));
        dataset.comesFrom("an-identity");
        dataset.noteReport(0);
        dataset.become(AttemptPhase.REJECTED);

        DatasetProgress restored = DatasetProgress.restore(SST2, dataset.save());
        assertThat(restored.save()).isEqualTo(dataset.save());
        assertThat(restored.attempt()).isEqualTo(2);
        assertThat(restored.phase()).isEqualTo(AttemptPhase.REJECTED);
        assertThat(restored.waiting()).isEqualTo(1);
        assertThat(restored.tally().digest()).isEqualTo(dataset.tally().digest());
        assertThat(restored.tally().ranges()).containsExactly(new OffsetRange(0, 9, 10), new OffsetRange(2, 7, 9));
        assertThat(restored.topicId()).isEqualTo("an-identity");
        assertThat(restored.follows(new SourcePosition(2, 8)))
                .as("an offset that was seen does not come again")
                .isFalse();
        assertThat(restored.tally().reasons("t"))
                .containsExactly(new RejectionReason("UNKNOWN_LABEL", 2, "nor this one (t partition 0 offset 9)"));
        assertThat(restored.dueForReport(1_000_000, 1))
                .as("what was known before is no news")
                .isFalse();
    }

    @Test
    void aRestartedPartitionKnowsItsDatasetsAndTheirManifests() {
        try (IngestBench bench = new IngestBench()) {
            bench.manifest(manifest(SST2).setExpectedRecords(9L));
            bench.record(SST2, example("1", "train", "text", "positive"));
            var restarted = new Datasets(
                    bench.store(DatasetProcessor.STATES),
                    bench.store(DatasetProcessor.MANIFESTS),
                    manifest -> AcceptedManifest.of(manifest, new RecordDecoder(bench.registry), 100),
                    5_000);
            DatasetProgress dataset = restarted.find("glue/sst2");
            assertThat(dataset).isNotNull();
            assertThat(dataset.tally().read()).isEqualTo(1);
            assertThat(dataset.accepted()).isNotNull();
            assertThat(dataset.accepted().asWritten())
                    .isEqualTo(manifest(SST2).setExpectedRecords(9L).build());
            assertThat(dataset.quietFor(6_000)).as("clocks begin anew").isEqualTo(1_000);
            assertThat(restarted.find("glue/other")).isNull();
        }
    }

    @Test
    void theWatermarkFollowsTheQueueAndThenTheClock() {
        var watermark = new Watermark();
        watermark.observe(100, 5_000);
        assertThat(watermark.at(5_500))
                .as("records of 4.9 s ago are still coming")
                .isEqualTo(100);
        assertThat(watermark.at(6_000)).as("the queue is empty").isEqualTo(6_000);
        watermark.observe(90, 7_000);
        assertThat(watermark.at(7_001)).as("it never goes back").isEqualTo(100);
    }
}
