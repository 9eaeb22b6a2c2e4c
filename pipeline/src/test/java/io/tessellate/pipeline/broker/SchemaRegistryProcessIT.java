package io.tessellate.pipeline.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.confluent.kafka.schemaregistry.client.CachedSchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import io.tessellate.error.TessellateException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SchemaRegistryProcessIT {
    private static final AvroSchema ONE_FIELD =
            new AvroSchema("{\"type\":\"record\",\"name\":\"A\",\"fields\":[{\"name\":\"x\",\"type\":\"int\"}]}");
    private static final AvroSchema OTHER_TYPE =
            new AvroSchema("{\"type\":\"record\",\"name\":\"A\",\"fields\":[{\"name\":\"x\",\"type\":\"string\"}]}");

    private static final Duration SOON = Duration.ofMinutes(2);

    @TempDir
    Path data;

    @Test
    void schemasSurviveARestartAndAnIncompatibleOneIsRefused() throws Exception {
        Path home = home();
        int id;
        try (SchemaRegistryProcess registry = registry(home)) {
            registry.start();
            try (var client = new CachedSchemaRegistryClient(registry.url(), 10)) {
                id = client.register("a-value", ONE_FIELD);
                assertThatThrownBy(() -> client.register("a-value", OTHER_TYPE))
                        .isInstanceOf(RestClientException.class);
            }
        }
        // Never closed, as after a kill: its process is still there when the next one starts.
        SchemaRegistryProcess orphaned = registry(home);
        orphaned.start();
        try (SchemaRegistryProcess registry = registry(home)) {
            registry.start();
            assertThat(orphaned.health().live()).isFalse();
            try (var client = new CachedSchemaRegistryClient(registry.url(), 10)) {
                assertThat(client.getSchemaById(id)).isEqualTo(ONE_FIELD);
            }
        }
    }

    @Test
    void aKilledRegistryIsLaunchedAgainAtItsAddress() throws Exception {
        try (SchemaRegistryProcess registry = registry(home())) {
            registry.start();
            String url = registry.url();
            ProcessHandle killed = child(data);
            killed.destroyForcibly();
            Awaitility.await().atMost(SOON).until(() -> !registry.health().live());
            assertThat(registry.health().detail()).contains("ended with status");
            registry.restart();
            assertThat(registry.url()).isEqualTo(url);
            assertThat(registry.health().ready()).isTrue();
        }
    }

    @Test
    void aRegistryThatLivesAndHangsIsEndedAndLaunchedAgain() throws Exception {
        try (SchemaRegistryProcess registry = new SchemaRegistryProcess(
                home(),
                data.resolve("registry"),
                data.resolve("registry.log"),
                Ports.of(data),
                0,
                Duration.ofSeconds(5))) {
            registry.start();
            ProcessHandle hanging = child(data);
            assertThat(new ProcessBuilder("kill", "-STOP", Long.toString(hanging.pid()))
                            .start()
                            .waitFor())
                    .isZero();
            Awaitility.await()
                    .atMost(Duration.ofMinutes(2))
                    .until(() -> !registry.health().live());
            assertThat(hanging.isAlive()).isTrue();
            assertThat(registry.health().detail()).contains("has not answered for");
            registry.restart();
            assertThat(hanging.isAlive()).isFalse();
            assertThat(registry.health().ready()).isTrue();
        }
    }

    @Test
    void aKilledParentLeavesNoRegistryBehind() throws Exception {
        Process parent = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Parent.class.getName(),
                        home().toString(),
                        data.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        long registry;
        try (BufferedReader said =
                new BufferedReader(new InputStreamReader(parent.getInputStream(), StandardCharsets.UTF_8))) {
            registry = Long.parseLong(said.readLine());
        } finally {
            parent.destroyForcibly();
        }
        Awaitility.await()
                .atMost(SOON)
                .until(() -> ProcessHandle.of(registry)
                        .filter(ProcessHandle::isAlive)
                        .isEmpty());
    }

    /** A JVM with a registry as its child, to be killed. */
    static final class Parent {
        private Parent() {}

        public static void main(String[] arguments) throws InterruptedException {
            Path data = Path.of(arguments[1]);
            SchemaRegistryProcess registry = registry(Path.of(arguments[0]), data);
            registry.start();
            System.out.println(child(data).pid());
            Thread.currentThread().join();
        }
    }

    /** By the file it is named in: a stack that other tests share has a child in this JVM, too. */
    private static ProcessHandle child(Path data) {
        try {
            String named = Files.readString(data.resolve("registry").resolve("registry.pid"));
            return ProcessHandle.of(Long.parseLong(named.split(" ")[0])).orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aHomeWithoutARegistryIsNamed() {
        try (SchemaRegistryProcess registry = registry(data)) {
            assertThatThrownBy(registry::start)
                    .isInstanceOf(TessellateException.class)
                    .hasMessageContaining("no schema registry in " + data);
        }
    }

    private SchemaRegistryProcess registry(Path home) {
        return registry(home, data);
    }

    private static SchemaRegistryProcess registry(Path home, Path data) {
        return new SchemaRegistryProcess(
                home, data.resolve("registry"), data.resolve("registry.log"), Ports.of(data), 0);
    }

    private static Path home() {
        String home = System.getProperty("tessellate.registry.home");
        if (home == null) {
            System.err.println("SKIPPED: tessellate.registry.home names no unpacked schema registry");
        }
        Assumptions.assumeTrue(home != null, "tessellate.registry.home is not set");
        return Path.of(home);
    }
}
