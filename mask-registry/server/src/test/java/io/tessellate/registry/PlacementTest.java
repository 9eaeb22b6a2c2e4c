package io.tessellate.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.tessellate.error.ErrorCode;
import io.tessellate.lineage.RegistryEvent;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

public final class PlacementTest {
    private static final int PARTITIONS = 4;

    @TempDir
    private Path directory;

    @Test
    public void keysLieWhereKafkasProducersPutThem() {
        for (int i = 0; i < 100; i++) {
            byte[] key = ("model-" + i).getBytes(StandardCharsets.UTF_8);
            assertThat(DecodingProcessor.partition("model-" + i, PARTITIONS))
                    .isEqualTo(BuiltInPartitioner.partitionForKey(key, PARTITIONS));
        }
    }

    /** The test driver runs the task of partition 0 and hands it everything, as a producer with its own ideas would. */
    @Test
    public void aRecordInAnotherPartitionThanItsKeysIsDropped() {
        try (Bench bench = new Bench(directory, PARTITIONS)) {
            bench.sendBytes(bench.topics().trainings(), keyOf(1), new byte[] {1});
            assertThat(bench.appended()).isEmpty();

            bench.sendBytes(bench.topics().trainings(), keyOf(0), new byte[] {1});
            assertThat(bench.answer())
                    .isInstanceOfSatisfying(
                            RegistryEvent.CommandRejected.class,
                            refused -> assertThat(refused.code()).isEqualTo(ErrorCode.UNDECODABLE));
        }
    }

    private static String keyOf(int partition) {
        return IntStream.range(0, 100)
                .mapToObj(i -> "model-" + i)
                .filter(key -> DecodingProcessor.partition(key, PARTITIONS) == partition)
                .findFirst()
                .orElseThrow();
    }
}
