package io.tessellate.engine.backend.machine;

import static org.assertj.core.api.Assertions.assertThat;

import io.tessellate.engine.backend.MemoryRoom;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MachineMemoryTest {
    private static final long MB = 1_000_000;

    @TempDir
    private Path root;

    @BeforeEach
    void aMachineOf16GigabytesOfWhich12AreFree() throws IOException {
        write("proc/meminfo", "MemTotal:       16000000 kB\nMemFree:  1 kB\nMemAvailable:   12000000 kB\n");
    }

    private void write(String file, String text) throws IOException {
        Path path = root.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }

    private MemoryRoom room() {
        return new MachineMemory(root.resolve("proc"), root.resolve("groups")).read();
    }

    @Test
    void withoutAGroupItIsTheMachine() {
        assertThat(room())
                .isEqualTo(new MemoryRoom(16_384_000_000L, 12_288_000_000L, Long.MAX_VALUE, true, "the machine"));
    }

    @Test
    void aGroupLimitsWhatThereIsAndItsCacheIsFree() throws IOException {
        write("proc/self/cgroup", "0::/pod/worker\n");
        write("groups/pod/worker/memory.max", "max\n");
        write("groups/pod/worker/memory.current", "900000000\n");
        write("groups/pod/memory.max", "4000000000\n");
        write("groups/pod/memory.current", "3000000000\n");
        write("groups/pod/memory.stat", "anon 1\ninactive_file 500000000\n");
        assertThat(room()).isEqualTo(new MemoryRoom(4000 * MB, 1500 * MB, Long.MAX_VALUE, true, "the container"));
    }

    @Test
    void aGroupOfTheFirstVersionDoesToo() throws IOException {
        write("proc/self/cgroup", "9:name=systemd:/\n4:memory:/docker/abc\n0::/\n");
        write("groups/memory/memory.limit_in_bytes", "2000000000\n");
        write("groups/memory/memory.usage_in_bytes", "600000000\n");
        write("groups/memory/memory.stat", "cache 7\ntotal_inactive_file 100000000\n");
        assertThat(room()).isEqualTo(new MemoryRoom(2000 * MB, 1500 * MB, Long.MAX_VALUE, true, "the container"));
    }

    @Test
    void aLimitBeyondTheMachineLimitsNothing() throws IOException {
        write("proc/self/cgroup", "4:memory:/\n");
        write("groups/memory/memory.limit_in_bytes", "9223372036854771712\n");
        write("groups/memory/memory.usage_in_bytes", "600000000\n");
        assertThat(room().origin()).isEqualTo("the machine");
    }

    @Test
    void whereNothingIsToldNothingIsKnown() {
        MemoryRoom unknown = new MachineMemory(root.resolve("none"), root.resolve("groups")).read();
        assertThat(unknown.known()).isFalse();
        assertThat(MachineMemory.room().free()).isPositive();
    }
}
