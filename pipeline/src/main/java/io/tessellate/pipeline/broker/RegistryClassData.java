package io.tessellate.pipeline.broker;

import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.confluent.kafka.schemaregistry.client.CachedSchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The classes of the schema registry as they look once loaded, written down at build: its JVM, which every embedded stack waits for,
 * then starts with half of the processor time. One that is of another Java or another jar is passed over by the JVM.
 */
public final class RegistryClassData {
    private static final String FILE = "registry.jsa";
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final int LOOK_EVERY_MILLIS = 100;
    private static final AvroSchema ANY =
            new AvroSchema("{\"type\":\"record\",\"name\":\"A\",\"fields\":[{\"name\":\"x\",\"type\":\"int\"}]}");

    private RegistryClassData() {}

    /** Options of a JVM that is to use what was written; none where nothing was. */
    static List<String> options(Path home) {
        Path file = home.resolve(FILE);
        return Files.isRegularFile(file)
                ? List.of("-XX:SharedArchiveFile=" + file, "-Xshare:auto", "-Xlog:disable")
                : List.of();
    }

    /**
     * Starts the registry once, lets it take a schema, and writes its classes beside its jar.
     *
     * @param home where it was unpacked
     * @param directory for its data
     * @throws TessellateException if it does not start or ends otherwise than asked to
     */
    public static void write(Path home, Path directory) {
        Path fresh = home.resolve(FILE + ".fresh");
        Ports ports = Ports.of(directory);
        int port = ports.port("registry", 0);
        Process process = launch(RegistryHome.at(home), fresh, port, ports, directory);
        try {
            use(process, "http://127.0.0.1:%d/apis/ccompat/v7".formatted(port));
            process.destroy();
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw failed("it did not end within " + PATIENCE, null);
            }
            Files.move(fresh, home.resolve(FILE), StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException | RestClientException e) {
            throw failed(e.toString(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failed("interrupted", e);
        } finally {
            process.destroyForcibly();
        }
    }

    private static Process launch(RegistryHome installed, Path archive, int port, Ports ports, Path directory) {
        Path database = directory.resolve("registry");
        try {
            ProcessBuilder builder = new ProcessBuilder(installed.command(
                    List.of("-XX:ArchiveClassesAtExit=" + archive, "-Xlog:disable"),
                    port,
                    installed.managementPort(ports),
                    database));
            builder.environment().putAll(installed.environment(database));
            builder.environment().putAll(RegistryHome.logging(directory.resolve("registry.log")));
            return builder.directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            throw failed(e.toString(), e);
        }
    }

    private static void use(Process process, String url) throws IOException, RestClientException, InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        try (var client = new CachedSchemaRegistryClient(url, 1)) {
            while (!SchemaRegistryProcess.ready(client)) {
                if (!process.isAlive() || System.nanoTime() > end) {
                    throw failed("it did not answer", null);
                }
                TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MILLIS);
            }
            client.updateCompatibility(null, "BACKWARD");
            client.getSchemaById(client.register("any-value", ANY));
        }
    }

    private static TessellateException failed(String why, @Nullable Exception cause) {
        return new TessellateException(
                ErrorCode.UNAVAILABLE_DEPENDENCY,
                "the classes of the schema registry are not written down: " + why,
                cause);
    }
}
