package io.tessellate.runtime.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.core.util.FileSize;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

class LoggingTest {
    private static final String FORGED = "x\r\n2026-11-29T12:00:00.000Z ERROR all is lost \u001b[2J\u202egnirts";

    @TempDir
    Path directory;

    /** What the other tests log with comes back by its own configuration. */
    private final LoggerContext context = new LoggerContext();

    private final List<String> summaries = new ArrayList<>();
    private final AtomicLong nanos = new AtomicLong();

    @BeforeEach
    void begin() {
        context.setName("test");
        context.setMDCAdapter(((LoggerContext) LoggerFactory.getILoggerFactory()).getMDCAdapter());
    }

    @AfterEach
    void end() {
        context.stop();
    }

    @ParameterizedTest
    @EnumSource(Logging.Format.class)
    void textOutOfDataStaysWithinItsLine(Logging.Format format) throws IOException {
        Path file = directory.resolve("a.log");
        Logging.log(context, file, format, new FileSize(1 << 20));
        Logger log = context.getLogger("io.tessellate.SomeClass");

        try (LogContext ignored = LogContext.of("model", FORGED)) {
            log.warn("record {}", FORGED, new IllegalStateException(FORGED, new IOException(FORGED)));
        }

        String text = Files.readString(file);
        assertThat(text).doesNotContain("\u001b", "\u202e", "\r");
        assertThat(text.lines()).noneMatch(line -> line.startsWith("2026-11-29T12:00:00"));
        assertThat(text).contains("IllegalStateException", "IOException", "SomeClass", "all is lost");
    }

    @ParameterizedTest
    @EnumSource(Logging.Format.class)
    void aLogThatGrowsWithoutEndStaysWithinItsLimits(Logging.Format format) throws IOException {
        Path file = directory.resolve("b.log");
        Logging.log(context, file, format, new FileSize(50_000));
        for (int line = 0; line < 5_000; line++) {
            context.getLogger("logger-" + line).info("line number {} of very many {}", line, "x".repeat(100));
        }

        long bytes = 0;
        int files = 0;
        try (var all = Files.list(directory)) {
            for (Path each : (Iterable<Path>) all::iterator) {
                bytes += Files.size(each);
                files++;
            }
        }
        assertThat(files).isBetween(2, LogFile.OLD_ONES + 1);
        assertThat(bytes).isLessThan((LogFile.OLD_ONES + 1) * 51_000L);
    }

    @Test
    void onlyItsOwnerReadsALog() throws IOException {
        Assumptions.assumeTrue(
                FileSystems.getDefault().supportedFileAttributeViews().contains("posix"));
        Path file = directory.resolve("c.log");
        Files.writeString(file, "from before");
        Logging.log(context, file, Logging.Format.PLAIN, new FileSize(10_000));
        for (int line = 0; line < 5_000; line++) {
            context.getLogger("logger-" + line).info("a line of some length {}", "y".repeat(200));
        }

        try (var all = Files.list(directory)) {
            assertThat(all)
                    .hasSizeGreaterThan(1)
                    .allSatisfy(each -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(each)))
                            .isEqualTo("rw-------"));
        }
    }

    @Test
    void aLineThatRepeatsIsHeldBackAndCounted() throws IOException {
        Path file = directory.resolve("d.log");
        LogFile appender = Logging.file(context, file, Logging.Format.PLAIN, new FileSize(1 << 20));
        Repetitions repetitions = new Repetitions(nanos::get, summaries::add);
        repetitions.start();
        appender.addFilter(repetitions);
        appender.start();
        ch.qos.logback.classic.Logger log = context.getLogger("loop");
        log.addAppender(appender);

        for (int turn = 0; turn < 100_000; turn++) {
            log.warn("the client is gone {}", turn);
        }
        nanos.addAndGet(Repetitions.SPAN_NANOS + 1);
        log.warn("the client is gone {}", "again");

        assertThat(Files.readAllLines(file, UTF_8)).hasSize(Repetitions.LIMIT + 1);
        assertThat(summaries).hasSize(1);
        assertThat(summaries.get(0)).startsWith("99900 more lines of loop");
    }
}
