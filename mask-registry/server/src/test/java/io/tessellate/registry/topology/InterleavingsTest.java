package io.tessellate.registry.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.tessellate.topic.AvroSerdes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Thousands of random interleavings, each held against the promises by a checker of its own. */
final class InterleavingsTest {
    private static final long SEED = Long.getLong("tessellate.seed", 20261120L);
    private static final int EPISODES = Integer.getInteger("tessellate.episodes", 1000);
    private static final int SHORT = 30;
    private static final int LONG = 150;
    private static final Path MEMORY = Path.of("/dev/shm");

    private final TreeMap<String, Integer> outcomes = new TreeMap<>();
    private Path scratch;

    /** In memory where there is such a directory: adapters are forced to disk, which is not what is tested here. */
    @BeforeEach
    void createScratch() throws IOException {
        scratch = Files.isWritable(MEMORY)
                ? Files.createTempDirectory(MEMORY, "interleavings")
                : Files.createTempDirectory("interleavings");
    }

    @AfterEach
    void deleteScratch() throws IOException {
        empty();
        Files.delete(scratch);
    }

    @Test
    void noInterleavingBreaksAPromise() throws IOException {
        AvroSerdes serdes = new AvroSerdes("mock://interleavings", true);
        for (int episode = 0; episode < EPISODES; episode++) {
            long seed = SEED + episode;
            try {
                new Simulation(seed, scratch, serdes, outcomes).run(seed % 10 == 0 ? LONG : SHORT);
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("broken by -Dtessellate.seed=%d -Dtessellate.episodes=1".formatted(seed), e);
            }
            empty();
        }
        assertThat(outcomes)
                .as("an overlap is found by the masks, before the byte check has to")
                .doesNotContainKey("AdapterRejected FROZEN_WEIGHT_CHANGED");
        if (EPISODES > 100) {
            assertThat(outcomes)
                    .as("the interleavings reach every outcome")
                    .containsKeys(
                            "AdapterCommitted",
                            "AdapterRejected BUDGET_EXCEEDED",
                            "AdapterRejected DIGEST_MISMATCH",
                            "AdapterRejected FENCED",
                            "AdapterRejected MALFORMED_FILE",
                            "AdapterRejected OVERLAP",
                            "AdapterRejected STALE_PARENT",
                            "AdapterRejected UNKNOWN_VERSION",
                            "CommandRejected CAPACITY",
                            "CommandRejected FENCED",
                            "CommandRejected INVALID_RECIPE",
                            "CommandRejected TASK_CLOSED",
                            "ReservationReleased",
                            "VersionPromoted",
                            "VersionQuarantined",
                            "committed behind others",
                            "parallel on an older version",
                            "crash");
        }
    }

    private void empty() throws IOException {
        try (var files = Files.newDirectoryStream(scratch)) {
            for (Path file : files) {
                if (Files.isRegularFile(file)) {
                    Files.delete(file);
                }
            }
        }
    }
}
