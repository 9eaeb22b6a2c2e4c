package io.tessellate.registry.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.tessellate.error.ErrorCode;
import io.tessellate.lineage.log.RegistryEvent;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** What the tests of the topology share. */
public abstract class BenchFixture {
    @TempDir
    private Path directory;

    protected Bench bench;

    @BeforeEach
    void start() {
        bench = new Bench(directory);
    }

    @AfterEach
    void stop() {
        bench.close();
    }

    protected void assertCommandRefused(ErrorCode code, String message) {
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
