package io.tessellate.pipeline.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.tessellate.engine.backend.BackendSurvey;
import io.tessellate.pipeline.doctor.Diagnosis.Verdict;
import io.tessellate.pipeline.stack.StackSettings;
import io.tessellate.runtime.config.Configuration;
import io.tessellate.runtime.config.DataDirectory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each thing is looked at by itself, with the real machine, ports and files. */
class DoctorTest {
    private static final Instant NOW = Instant.parse("2026-05-01T12:00:00Z");

    @TempDir
    private Path directory;

    private StackSettings settings(Map<String, String> keys) {
        return StackSettings.of(
                Configuration.load(StackSettings.mappings(), Optional.empty(), Map.of(), keys),
                new DataDirectory(directory.resolve("data")));
    }

    private Diagnosis stackCheck(String name, Map<String, String> keys, Instant now) {
        return look(new StackChecks(settings(keys), Clock.fixed(now, ZoneOffset.UTC)).all(), name);
    }

    private static Diagnosis look(List<Examination> examinations, String name) {
        return examinations.stream()
                .filter(examination -> examination.name().equals(name))
                .findFirst()
                .orElseThrow()
                .look()
                .get();
    }

    @Test
    void oneThatHangsOrFailsStopsNoOther() {
        CountDownLatch never = new CountDownLatch(1);
        List<Diagnosis> all = new Doctor(
                        List.of(
                                new Examination("hangs", () -> {
                                    awaitQuietly(never);
                                    return Diagnosis.good("hangs", "");
                                }),
                                new Examination("fails", () -> {
                                    throw new IllegalStateException("broken");
                                }),
                                new Examination("works", () -> Diagnosis.good("works", "well"))),
                        Duration.ofMillis(300))
                .examine();
        assertThat(all).extracting(Diagnosis::verdict).containsExactly(Verdict.WRONG, Verdict.WRONG, Verdict.GOOD);
        assertThat(all.get(0).found()).contains("did not end within");
        assertThat(all.get(1).found()).contains("broken");
        DoctorReport report = new DoctorReport(all);
        assertThat(report.failure().orElseThrow()).hasMessage("2 of 3 checks found something wrong: hangs, fails");
        assertThat(report.text()).contains("works", "good", "what to do", "hangs: something hangs");
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void withNothingRunningNothingIsWrongAndNothingIsMade() {
        List<Diagnosis> all = new Doctor(Doctor.all(settings(Map.of())), Duration.ofSeconds(60)).examine();
        assertThat(all)
                .filteredOn(diagnosis ->
                        List.of("stack", "broker", "schema registry", "topics").contains(diagnosis.name()))
                .hasSize(4)
                .allMatch(diagnosis -> diagnosis.verdict() == Verdict.NOTED)
                .allMatch(diagnosis -> diagnosis.advice().contains("tessellate up --data-dir"));
        assertThat(all)
                .filteredOn(diagnosis -> diagnosis.name().equals("backends"))
                .singleElement()
                .satisfies(backends -> assertThat(backends.found())
                        .startsWith("host is configured")
                        .contains("torch:cpu", "torch:cuda", "auto"));
        assertThat(new DoctorReport(all).text())
                .containsOnlyOnce("tessellate up --data-dir")
                .contains("\nstack, broker, schema registry, topics: start it with");
        assertThat(all).extracting(Diagnosis::name).contains("java", "memory", "disk", "processor", "ports", "clock");
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void aPortThatIsTakenIsNamed() throws IOException {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(other.getLocalPort());
            Diagnosis taken = stackCheck("ports", Map.of("tessellate.http.port", port), NOW);
            assertThat(taken.verdict()).isEqualTo(Verdict.WRONG);
            assertThat(taken.found()).isEqualTo("taken by another program: tessellate.http.port " + port);
        }
        assertThat(stackCheck("ports", Map.of(), NOW).found()).isEqualTo("any that are free");
    }

    @Test
    void aBrokerThatIsConfiguredAndGoneIsWrong() throws IOException {
        int free;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = socket.getLocalPort();
        }
        Map<String, String> keys = Map.of(
                "tessellate.bootstrap-servers",
                "127.0.0.1:" + free,
                "tessellate.schema-registry-url",
                "http://127.0.0.1:" + free);
        assertThat(stackCheck("broker", keys, NOW))
                .satisfies(broker -> assertThat(broker.verdict()).isEqualTo(Verdict.WRONG))
                .satisfies(broker -> assertThat(broker.found()).contains("nothing listens there"))
                .satisfies(broker -> assertThat(broker.advice()).contains("UNAVAILABLE_DEPENDENCY"));
        assertThat(stackCheck("schema registry", keys, NOW).verdict()).isEqualTo(Verdict.WRONG);
        assertThat(stackCheck("topics", keys, NOW).verdict()).isEqualTo(Verdict.NOTED);
    }

    @Test
    void aClockThatIsFarOffIsWrong() {
        assertThat(stackCheck("clock", Map.of(), Instant.EPOCH).verdict()).isEqualTo(Verdict.WRONG);
        assertThat(stackCheck("clock", Map.of(), NOW).verdict()).isEqualTo(Verdict.GOOD);
        assertThat(StackChecks.apart(NOW, NOW.plusSeconds(29)).verdict()).isEqualTo(Verdict.GOOD);
        assertThat(StackChecks.apart(NOW, NOW.minusSeconds(31)).verdict()).isEqualTo(Verdict.WRONG);
    }

    @ParameterizedTest
    @CsvSource({"1, WRONG", "3, NOTED", "16, GOOD"})
    void littleMemoryAndDiskAreSaid(long gib, Verdict verdict) {
        assertThat(MachineChecks.memory(64L << 30, gib << 30).verdict()).isEqualTo(verdict);
        assertThat(MachineChecks.disk("", (gib << 30) * (gib == 1 ? 0 : 1)).verdict())
                .isEqualTo(verdict);
    }

    @Test
    void aTemporaryDirectoryThatIsNotThereIsWrong() throws IOException {
        Path file = Files.createFile(directory.resolve("file"));
        List<Examination> checks = new MachineChecks(directory, file.resolve("below")).all();
        assertThat(look(checks, "temporary files").verdict()).isEqualTo(Verdict.WRONG);
        assertThat(look(new MachineChecks(directory.resolve("no/such"), directory).all(), "disk")
                        .found())
                .contains("free for " + directory.resolve("no/such"));
    }

    @Test
    void theProcessorsInstructionsSayWhatPrecisionIsFast() {
        assertThat(EngineChecks.processor("2 cores", "x\nflags\t\t: fpu avx2 avx512f avx512_bf16 amx_bf16\n")
                        .found())
                .isEqualTo("2 cores, amx_bf16 avx2 avx512_bf16 avx512f: precision mixed multiplies in 16 bits");
        assertThat(EngineChecks.processor("2 cores", "flags : fpu avx2\n").found())
                .contains("fp32 is the faster one");
        assertThat(EngineChecks.processor("2 cores", "flags : fpu\n").verdict()).isEqualTo(Verdict.NOTED);
    }

    @Test
    void aConfiguredBackendThatDoesNotOpenIsWrong() {
        List<BackendSurvey> surveys = List.of(
                new BackendSurvey("host", true, "2 threads"), new BackendSurvey("torch:cuda", false, "no libtorch"));
        assertThat(new EngineChecks("torch:cuda:1").backends(surveys).verdict()).isEqualTo(Verdict.WRONG);
        assertThat(new EngineChecks("host").backends(surveys).verdict()).isEqualTo(Verdict.GOOD);
    }
}
