package io.tessellate.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.tessellate.error.ErrorCode;
import io.tessellate.lineage.RegistryEvent;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** What the tests of the topology share. */
abstract class BenchTest {
    @TempDir
    private Path directory;

    Bench bench;

    @BeforeEach
    public void start() {
        bench = new Bench(directory);
    }

    @AfterEach
    public void stop() {
        bench.close();
    }

    void assertCommandRefused(ErrorCode code, String message) {
        assertThat(bench.answer()).isInstanceOfSatisfying(RegistryEvent.CommandRejected.class, refused -> {
            assertThat(refused.code()).isEqualTo(code);
            assertThat(refused.message()).contains(message);
        });
    }

    void assertAdapterRefused(ErrorCode code, String message) {
        assertThat(bench.answer()).isInstanceOfSatisfying(RegistryEvent.AdapterRejected.class, refused -> {
            assertThat(refused.code()).isEqualTo(code);
            assertThat(refused.message()).contains(message);
        });
    }
}
