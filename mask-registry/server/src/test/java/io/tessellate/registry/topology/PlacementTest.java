package io.tessellate.registry.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.tessellate.error.ErrorCode;
import io.tessellate.event.RegistryCommand;
import io.tessellate.id.TaskId;
import io.tessellate.lineage.log.RegistryCommands;
import io.tessellate.lineage.log.RegistryEvent;
import io.tessellate.registry.command.Bench;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PlacementTest {
    private static final int PARTITIONS = 4;

    @TempDir
    private Path directory;

    @Test
    void keysLieWhereKafkasProducersPutThem() {
        for (int i = 0; i < 100; i++) {
            byte[] key = ("model-" + i).getBytes(StandardCharsets.UTF_8);
            assertThat(DecodingProcessor.partition("model-" + i, PARTITIONS))
                    .isEqualTo(BuiltInPartitioner.partitionForKey(key, PARTITIONS));
        }
    }

    /** The test driver runs the task of partition 0 and hands it everything, as a producer with its own ideas would. */
    @Test
    void aRecordInAnotherPartitionThanItsKeysIsDropped() {
        try (Bench bench = new Bench(directory, PARTITIONS)) {
            bench.send(bench.topics().registryCommands(), keyOf(1), release(keyOf(1)));
            assertThat(bench.appended()).isEmpty();
            assertThat(bench.passedOver.count(bench.topics().registryCommands().name()))
                    .isEqualTo(1);

            bench.send(bench.topics().registryCommands(), keyOf(0), release(keyOf(0)));
            assertThat(bench.answer())
                    .isInstanceOfSatisfying(
                            RegistryEvent.CommandRejected.class,
                            refused -> assertThat(refused.code()).isEqualTo(ErrorCode.UNKNOWN_MODEL));
        }
    }

    private static RegistryCommand release(String model) {
        return new RegistryCommands(Clock.systemUTC(), () -> "release-" + model)
                .release(TaskId.of(model, "sst2"), 1, "asked for");
    }

    private static String keyOf(int partition) {
        return IntStream.range(0, 100)
                .mapToObj(i -> "model-" + i)
                .filter(key -> DecodingProcessor.partition(key, PARTITIONS) == partition)
                .findFirst()
                .orElseThrow();
    }
}
