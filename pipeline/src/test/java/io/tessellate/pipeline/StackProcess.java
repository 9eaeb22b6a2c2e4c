package io.tessellate.pipeline;

import io.tessellate.pipeline.stack.StackFile;
import io.tessellate.runtime.config.DataDirectory;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** A tessellate in a process of its own, so that it can be killed. */
final class StackProcess {
    private static final Duration PATIENCE = Duration.ofMinutes(15);
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final Path data;
    private final Process process;

    private StackProcess(Path data, Process process) {
        this.data = data;
        this.process = process;
    }

    /** {@code up} on a data directory; not yet ready. */
    static StackProcess up(Path data, String... more) {
        List<String> arguments = new ArrayList<>(List.of("up", "--data-dir", data.toString()));
        Collections.addAll(arguments, more);
        return start(data, arguments);
    }

    /** One service beside a stack, with a data directory of its own; not yet ready. */
    static StackProcess part(String service, Path data, StackFile stack) {
        return start(
                data,
                List.of(
                        "run",
                        service,
                        "--data-dir",
                        data.toString(),
                        "--set",
                        "tessellate.bootstrap-servers=" + stack.bootstrapServers(),
                        "--set",
                        "tessellate.schema-registry-url=" + stack.schemaRegistryUrl(),
                        "--set",
                        "tessellate.blob-dir=" + stack.blobs()));
    }

    private static StackProcess start(Path data, List<String> arguments) {
        try {
            return new StackProcess(
                    data,
                    InstalledTessellate.command(arguments)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.appendTo(new File(data + ".out")))
                            .start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until it says that it is ready. */
    StackProcess awaitReady() {
        Awaitility.await()
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(300))
                .until(() -> isReady() || !process.isAlive());
        if (!process.isAlive()) {
            throw new AssertionError("it ended by itself with %d; see %s.out".formatted(process.exitValue(), data));
        }
        return this;
    }

    boolean isReady() {
        return file().filter(file -> answers(file.http())).isPresent();
    }

    private static boolean answers(String http) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(http).resolve("/readyz"))
                .timeout(Duration.ofSeconds(5))
                .build();
        try {
            return HTTP.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Where it can be reached, once it has said so. */
    Optional<StackFile> file() {
        return StackFile.running(new DataDirectory(data)).filter(file -> file.pid() == process.pid());
    }

    /** Processes it has started, for example its schema registry. */
    List<ProcessHandle> children() {
        return process.descendants().toList();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** kill -9. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            throw new AssertionError("a killed process still runs: " + process.pid());
        }
    }

    /** Asks it to end, and kills it if it does not. */
    void end() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
    }
}
