package io.tessellate.ingest;

import static io.tessellate.ingest.IngestBench.SST2;
import static io.tessellate.ingest.IngestBench.example;
import static io.tessellate.ingest.IngestBench.manifest;
import static org.assertj.core.api.Assertions.assertThat;

import io.tessellate.dataset.Dataset;
import io.tessellate.dataset.log.ClosedDataset;
import io.tessellate.dataset.log.ClosedDatasetCodec;
import io.tessellate.dataset.log.DatasetReader;
import io.tessellate.dataset.log.RecordCounts;
import io.tessellate.dataset.record.RecordDecoder;
import io.tessellate.event.DatasetState;
import io.tessellate.event.TaskEvent;
import io.tessellate.ingest.arrival.SourcePosition;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** However partitions, manifests, outages and waits are interleaved, the same records give the same dataset. */
final class InterleavingTest {
    private static final int PARTITIONS = 3;
    private static final int RECORDS = 120;
    private static final int INTERLEAVINGS = 40;

    /** What each partition holds: good records, ids twice with other texts, records without id, bad ones, garbage. */
    private static List<List<byte[]>> partitions(IngestBench bench, Random random) {
        List<List<byte[]>> partitions = new ArrayList<>();
        IntStream.range(0, PARTITIONS).forEach(p -> partitions.add(new ArrayList<>()));
        for (int i = 0; i < RECORDS; i++) {
            partitions.get(random.nextInt(PARTITIONS)).add(record(bench, random, i));
        }
        return partitions;
    }

    private static byte[] record(IngestBench bench, Random random, int number) {
        String split = random.nextInt(4) == 0 ? "eval" : "train";
        int kind = random.nextInt(10);
        if (kind == 0) {
            return new byte[] {9, 9};
        }
        Object label = kind == 1 ? "neutral" : random.nextBoolean() ? "positive" : 0L;
        String id = kind == 2 ? null : "id-" + random.nextInt(RECORDS / 2);
        return bench.encode(SST2, example(id, kind == 3 ? null : split, "text " + number, label));
    }

    private static ClosedDataset run(long dataSeed, Random order) {
        try (IngestBench bench = new IngestBench()) {
            List<List<byte[]>> data = partitions(bench, new Random(dataSeed));
            List<Deque<byte[]>> left = data.stream()
                    .map(partition -> (Deque<byte[]>) new ArrayDeque<>(partition))
                    .toList();
            boolean open = order.nextBoolean();
            int closeAt = order.nextInt(RECORDS + 1);
            for (int sent = 0; sent <= RECORDS; sent++) {
                if (open && sent == closeAt / 2) {
                    bench.manifest(manifest().setState(DatasetState.OPEN));
                }
                if (sent == closeAt) {
                    bench.manifest(manifest());
                }
                disturb(bench, order);
                if (sent < RECORDS) {
                    sendNext(bench, data, left, order);
                }
            }
            bench.registry.away(false);
            bench.pass(Duration.ofSeconds(2));
            bench.pass(Duration.ofSeconds(2));
            bench.pass(Duration.ofSeconds(12));
            ClosedDataset ready = check(bench);
            assertReadAgain(bench, data, ready);
            return ready;
        }
    }

    private static io.tessellate.event.TaskManifest.Builder manifest() {
        return IngestBench.manifest(SST2).setExpectedRecords((long) RECORDS).setTolerance(0.9);
    }

    private static void disturb(IngestBench bench, Random order) {
        switch (order.nextInt(12)) {
            case 0 -> bench.registry.away(true);
            case 1, 2 -> bench.registry.away(false);
            case 3 -> bench.pass(Duration.ofMillis(order.nextInt(3_000)));
            default -> {}
        }
    }

    private static void sendNext(IngestBench bench, List<List<byte[]>> data, List<Deque<byte[]>> left, Random order) {
        int partition = order.nextInt(PARTITIONS);
        while (left.get(partition).isEmpty()) {
            partition = (partition + 1) % PARTITIONS;
        }
        long offset = data.get(partition).size() - left.get(partition).size();
        bench.arrival(
                SST2, new SourcePosition(partition, offset), left.get(partition).remove());
    }

    private static ClosedDataset check(IngestBench bench) {
        for (TaskEvent event : bench.events(SST2)) {
            assertThat(event.getRejected()).isNull();
        }
        ClosedDataset ready = bench.events(SST2).stream()
                .flatMap(event -> ClosedDatasetCodec.fromAvro(event).stream())
                .reduce((first, second) -> {
                    throw new AssertionError("ready twice");
                })
                .orElseThrow();
        RecordCounts counts = ready.counts();
        assertThat(counts.read())
                .isEqualTo(RECORDS)
                .isEqualTo(counts.accepted() + counts.deadLettered() + counts.duplicates());
        assertThat(ready.trainExamples() + ready.evalExamples()).isEqualTo(counts.accepted());
        assertThat(bench.letters()).hasSize(Math.toIntExact(counts.deadLettered()));
        return ready;
    }

    /** Whoever reads the offset ranges again finds the same examples, counts and digest; else the reader throws. */
    private static void assertReadAgain(IngestBench bench, List<List<byte[]>> data, ClosedDataset ready) {
        var consumer = new MockConsumer<byte[], byte[]>("none");
        Map<TopicPartition, Long> beginnings = new HashMap<>();
        for (int partition = 0; partition < PARTITIONS; partition++) {
            beginnings.put(new TopicPartition(ready.topic(), partition), 0L);
        }
        consumer.updateBeginningOffsets(beginnings);
        Map<TopicPartition, Long> ends = new HashMap<>();
        beginnings
                .keySet()
                .forEach(
                        each -> ends.put(each, (long) data.get(each.partition()).size()));
        consumer.updateEndOffsets(ends);
        consumer.updatePartitions(
                ready.topic(),
                beginnings.keySet().stream()
                        .map(each -> new PartitionInfo(each.topic(), each.partition(), null, null, null))
                        .toList());
        consumer.schedulePollTask(() -> {
            for (int partition = 0; partition < PARTITIONS; partition++) {
                List<byte[]> values = data.get(partition);
                for (int offset = 0; offset < values.size(); offset++) {
                    consumer.addRecord(
                            new ConsumerRecord<>(ready.topic(), partition, offset, new byte[0], values.get(offset)));
                }
            }
        });
        var reader = new DatasetReader(
                () -> consumer, new RecordDecoder(bench.registry), Duration.ofSeconds(5), Duration.ZERO);
        Dataset dataset = reader.read(ready);
        assertThat(dataset.train()).hasSize(Math.toIntExact(ready.trainExamples()));
        assertThat(dataset.eval()).hasSize(Math.toIntExact(ready.evalExamples()));
    }

    @Test
    void theSameRecordsGiveTheSameDatasetInAnyInterleaving() {
        Random order = new Random(20260101);
        for (long dataSeed = 0; dataSeed < 4; dataSeed++) {
            ClosedDataset expected = run(dataSeed, order);
            for (int i = 1; i < INTERLEAVINGS / 4; i++) {
                assertThat(run(dataSeed, order))
                        .as("seed %d, interleaving %d", dataSeed, i)
                        .isEqualTo(expected);
            }
        }
    }
}
