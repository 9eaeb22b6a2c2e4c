package io.tessellate.engine.backend.machine;

import io.tessellate.engine.backend.MemoryRoom;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * The memory of the machine as far as this process may use it: that of Linux's {@code /proc}, and the limits of the control
 * groups, of either version, that hold the process. A group's page cache that can be dropped counts as free.
 */
public final class MachineMemory {
    private static final String CONTAINER = "the container";

    private final Path proc;
    private final Path groups;

    /** The memory that these folders tell of, usually {@code /proc} and {@code /sys/fs/cgroup}. */
    MachineMemory(Path proc, Path groups) {
        this.proc = proc;
        this.groups = groups;
    }

    /** What there is now; unknown on other systems than Linux. */
    public static MemoryRoom room() {
        return new MachineMemory(Path.of("/proc"), Path.of("/sys/fs/cgroup")).read();
    }

    MemoryRoom read() {
        OptionalLong total = number(proc.resolve("meminfo"), "MemTotal:");
        OptionalLong available = number(proc.resolve("meminfo"), "MemAvailable:");
        if (total.isEmpty() || available.isEmpty()) {
            return MemoryRoom.unknown(true, "a system that does not tell");
        }
        MemoryRoom room = new MemoryRoom(
                total.getAsLong() * 1024, available.getAsLong() * 1024, Long.MAX_VALUE, true, "the machine");
        for (String line : lines(proc.resolve("self/cgroup"))) {
            String[] parts = line.split(":", 3);
            if (parts.length == 3 && parts[0].equals("0")) {
                room = within(room, groups, parts[2], "memory.max", "memory.current", "inactive_file ");
            } else if (parts.length == 3 && List.of(parts[1].split(",")).contains("memory")) {
                Path memory = groups.resolve("memory");
                room = within(
                        room,
                        memory,
                        parts[2],
                        "memory.limit_in_bytes",
                        "memory.usage_in_bytes",
                        "total_inactive_file ");
            }
        }
        return room;
    }

    /** The limits of a group and of all above it; inside a container the group's own folder is often the root. */
    private static MemoryRoom within(
            MemoryRoom room, Path root, String group, String limit, String usage, String cache) {
        MemoryRoom least = room;
        Path top = root.normalize();
        Path folder = top.resolve(group.replaceFirst("^/+", "")).normalize();
        while (folder != null && folder.startsWith(top)) {
            OptionalLong most = number(folder.resolve(limit), "");
            OptionalLong used = number(folder.resolve(usage), "");
            if (most.isPresent() && used.isPresent() && most.getAsLong() > 0) {
                long dropped = number(folder.resolve("memory.stat"), cache).orElse(0);
                long left = Math.max(0, most.getAsLong() - Math.max(0, used.getAsLong() - dropped));
                least = least.atMost(most.getAsLong(), CONTAINER);
                least = new MemoryRoom(
                        least.total(), Math.min(least.free(), left), least.vectors(), true, least.origin());
            }
            folder = folder.getParent();
        }
        return least;
    }

    /** The number after a key at the beginning of a line; nothing if it is not there or no number, as {@code max}. */
    private static OptionalLong number(Path file, String key) {
        return lines(file).stream()
                .filter(line -> line.startsWith(key))
                .map(line -> line.substring(key.length()).replace("kB", "").strip())
                .flatMapToLong(text ->
                        text.matches("\\d{1,18}") ? Stream.of(text).mapToLong(Long::parseLong) : LongStream.empty())
                .findFirst();
    }

    private static List<String> lines(Path file) {
        try {
            return Files.isReadable(file) ? Files.readAllLines(file, StandardCharsets.US_ASCII) : List.of();
        } catch (IOException e) {
            // A group that ends while it is read limits nothing.
            return List.of();
        }
    }
}
