package io.tessellate.pipeline.doctor;

import com.sun.management.OperatingSystemMXBean;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Java, memory, disk and the processor.
 *
 * @param data where a stack keeps everything; need not exist
 * @param temporary where libraries are unpacked
 */
record MachineChecks(Path data, Path temporary) {
    private static final int OLDEST_JAVA = 17;
    private static final long GIB = 1L << 30;
    private static final long LEAST_MEMORY = 2 * GIB;
    private static final long USUAL_MEMORY = 4 * GIB;
    private static final long LEAST_DISK = GIB;
    private static final long USUAL_DISK = 10 * GIB;

    List<Examination> all() {
        return List.of(
                new Examination("java", MachineChecks::java),
                new Examination("memory", () -> {
                    OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
                    return memory(system.getTotalMemorySize(), available().orElse(system.getFreeMemorySize()));
                }),
                new Examination("disk", this::disk),
                new Examination("temporary files", this::temporaryFiles));
    }

    private static Diagnosis java() {
        int version = Runtime.version().feature();
        String found = "%s of %s, heap up to %s"
                .formatted(
                        Runtime.version(),
                        System.getProperty("java.vendor"),
                        size(Runtime.getRuntime().maxMemory()));
        return version >= OLDEST_JAVA
                ? Diagnosis.good("java", found)
                : Diagnosis.wrong("java", found, "install Java %d or newer".formatted(OLDEST_JAVA));
    }

    /** Linux counts what it caches as used; what can be had says the kernel. */
    private static Optional<Long> available() {
        try {
            return Files.readAllLines(Path.of("/proc/meminfo")).stream()
                    .filter(line -> line.startsWith("MemAvailable:"))
                    .map(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
                    .findFirst();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    static Diagnosis memory(long total, long free) {
        String found = "%s, of which %s are free".formatted(size(total), size(free));
        String advice =
                "a stack needs about 2 GiB and a model four to sixteen bytes a weight: end other programs, or use another"
                        + " machine";
        if (free < LEAST_MEMORY) {
            return Diagnosis.wrong("memory", found, advice);
        }
        return free < USUAL_MEMORY ? Diagnosis.noted("memory", found, advice) : Diagnosis.good("memory", found);
    }

    private Diagnosis disk() {
        Path there = data;
        while (there.getParent() != null && !Files.exists(there)) {
            there = there.getParent();
        }
        try {
            long free = Files.getFileStore(there).getUsableSpace();
            String found = "%s free for %s".formatted(size(free), data);
            if (!Files.isWritable(there)) {
                return Diagnosis.wrong(
                        "disk", there + " cannot be written to", "give another --data-dir, or the right to write");
            }
            return disk(found, free);
        } catch (IOException e) {
            throw new TessellateException(ErrorCode.STORAGE, there + " cannot be looked at: " + e.getMessage(), e);
        }
    }

    static Diagnosis disk(String found, long free) {
        String advice = "topics, models and adapters are kept there: free some, or give another --data-dir";
        if (free < LEAST_DISK) {
            return Diagnosis.wrong("disk", found, advice);
        }
        return free < USUAL_DISK ? Diagnosis.noted("disk", found, advice) : Diagnosis.good("disk", found);
    }

    private Diagnosis temporaryFiles() {
        try {
            Files.delete(Files.createTempFile(temporary, "tessellate", ".doctor"));
            return Diagnosis.good("temporary files", temporary + " can be written to");
        } catch (IOException e) {
            return Diagnosis.wrong(
                    "temporary files",
                    "%s cannot be written to (%s)"
                            .formatted(temporary, e.getClass().getSimpleName()),
                    "libraries are unpacked there: set TMPDIR, or java.io.tmpdir in JAVA_OPTS");
        }
    }

    /** Bytes for people. */
    static String size(long bytes) {
        return bytes >= GIB
                ? String.format(Locale.ROOT, "%.1f GiB", (double) bytes / GIB)
                : "%d MiB".formatted(bytes >> 20);
    }
}
