package io.tessellate.pipeline.broker;

import io.confluent.kafka.schemaregistry.client.CachedSchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.runtime.config.OwnerOnly;
import io.tessellate.runtime.health.Health;
import io.tessellate.runtime.lifecycle.Service;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Apicurio Registry as a child process behind Confluent's API. It ends with this process, however that ends; one that does
 * not, since it was stopped itself, is found by the next start and ended first. One that lives and no longer answers is dead too.
 */
public final class SchemaRegistryProcess implements Service {
    private static final Logger LOG = LoggerFactory.getLogger(SchemaRegistryProcess.class);
    private static final Duration START_LIMIT = Duration.ofMinutes(2);
    /** How long it may leave every question without an answer. */
    private static final Duration SILENCE = Duration.ofSeconds(30);

    private static final int ANSWERS_IN_SILENCE = 6;
    private static final int LOOK_EVERY_MILLIS = 100;
    /** So long one that does not answer has for an orderly end. */
    private static final Duration HANGING = Duration.ofSeconds(2);

    private static final int ATTEMPTS = 3;

    private final Path home;
    private final Path directory;
    private final Path log;
    private final Ports ports;
    private final int wantedPort;
    private final ProcessFile file;
    private final Duration silence;
    private final Duration answerLimit;
    private final HttpClient asking;
    private volatile @Nullable Process process;
    private volatile boolean serving;
    private volatile @Nullable Heartbeat heartbeat;
    private volatile int port;
    /** Whether clients know the port: from then on it stays. */
    private boolean known;

    /**
     * A registry that is not yet running.
     *
     * @param home where Apicurio was unpacked
     * @param directory where it keeps its data
     * @param log file for its output
     * @param ports where its port is remembered
     * @param wantedPort the port clients use, 0 for the remembered one or any
     */
    public SchemaRegistryProcess(Path home, Path directory, Path log, Ports ports, int wantedPort) {
        this(home, directory, log, ports, wantedPort, SILENCE);
    }

    /** The same with another patience with silence. */
    SchemaRegistryProcess(Path home, Path directory, Path log, Ports ports, int wantedPort, Duration silence) {
        this.home = home;
        this.directory = directory;
        this.log = log;
        this.ports = ports;
        this.wantedPort = wantedPort;
        this.file = new ProcessFile(directory.resolve("registry.pid"));
        this.silence = silence;
        this.answerLimit = silence.dividedBy(ANSWERS_IN_SILENCE);
        this.asking = HttpClient.newBuilder().connectTimeout(answerLimit).build();
    }

    @Override
    public String name() {
        return "schema registry";
    }

    /** Launches the process without waiting for it. */
    public synchronized void launch() {
        if (process != null) {
            return;
        }
        RegistryHome installed = RegistryHome.at(home);
        try {
            Files.createDirectories(directory);
            file.endOrphan();
            port = ports.port("registry", known ? port : wantedPort);
            Path database = directory.resolve("registry");
            List<String> options = new ArrayList<>(RegistryClassData.options(home));
            options.add(AgentJar.option(directory.resolve("parent-watch.jar")));
            ProcessBuilder builder =
                    new ProcessBuilder(installed.command(options, port, installed.managementPort(ports), database));
            builder.environment().putAll(installed.environment(database));
            builder.environment().putAll(RegistryHome.logging(OwnerOnly.file(log)));
            builder.directory(directory.toFile());
            builder.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
            // Its standard input stays open as long as this process lives: see ParentWatch.
            Process launched = builder.start();
            file.write(launched.toHandle());
            process = launched;
        } catch (IOException e) {
            throw new TessellateException(
                    ErrorCode.UNAVAILABLE_DEPENDENCY, "cannot launch the schema registry: " + e.getMessage(), e);
        }
    }

    /**
     * Launches the process unless that was done, waits until it answers, and sets the default compatibility. A process that
     * ends while it starts, as it may on a machine with too much to do, is launched again.
     */
    @Override
    public void start() {
        for (int attempt = 1; !answers(); attempt++) {
            if (attempt == ATTEMPTS) {
                throw new TessellateException(
                        ErrorCode.UNAVAILABLE_DEPENDENCY, "the schema registry " + health().detail());
            }
            LOG.warn("the schema registry {}; launching it again", health().detail());
            discard();
        }
        serve();
    }

    private synchronized void serve() {
        known = true;
        serving = process != null;
        if (serving) {
            watch();
        }
        LOG.info("schema registry serves {}", url());
    }

    private synchronized void watch() {
        Heartbeat taken = new Heartbeat(this::responds, silence, Clock.systemUTC());
        taken.start(name());
        heartbeat = taken;
    }

    /** Whether it says anything at all by HTTP. */
    private boolean responds() {
        HttpRequest question = HttpRequest.newBuilder(URI.create(url() + "/schemas/types"))
                .timeout(answerLimit)
                .build();
        try {
            asking.send(question, HttpResponse.BodyHandlers.discarding());
            return true;
        } catch (IOException e) {
            LOG.debug("the schema registry gave no answer", e);
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    /**
     * Ends what is left of the process and launches it again, at the address that its clients know.
     *
     * @throws TessellateException if it does not come to answer
     */
    public void restart() {
        end();
        start();
    }

    /** Waits for the first answer; false if the process ends before. */
    private boolean answers() {
        launch();
        long end = System.nanoTime() + START_LIMIT.toNanos();
        try (SchemaRegistryClient client = new CachedSchemaRegistryClient(
                url(), 1, Map.of("http.connect.timeout.ms", 2000, "http.read.timeout.ms", 5000))) {
            while (!ready(client)) {
                if (!health().live()) {
                    return false;
                }
                if (System.nanoTime() > end) {
                    throw new TessellateException(
                            ErrorCode.TIMEOUT,
                            "the schema registry did not answer within %s; see %s".formatted(START_LIMIT, log));
                }
                TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MILLIS);
            }
            client.updateCompatibility(null, "BACKWARD");
            return true;
        } catch (IOException | RestClientException e) {
            throw new TessellateException(
                    ErrorCode.UNAVAILABLE_DEPENDENCY, "the schema registry refuses its set-up: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TessellateException(ErrorCode.INTERRUPTED, "start of the schema registry was interrupted", e);
        }
    }

    private synchronized void discard() {
        serving = false;
        Heartbeat current = heartbeat;
        if (current != null) {
            current.close();
            heartbeat = null;
        }
        process = null;
    }

    private synchronized void end() {
        Process current = process;
        Optional<Duration> silent = Optional.ofNullable(heartbeat).flatMap(Heartbeat::silent);
        discard();
        if (current != null && silent.isPresent()) {
            ProcessFile.end(current.toHandle(), HANGING);
        } else if (current != null) {
            ProcessFile.end(current.toHandle());
        }
    }

    /** Address of its Confluent API. */
    public String url() {
        return "http://127.0.0.1:%d/apis/ccompat/v7".formatted(port);
    }

    @Override
    public Health health() {
        Process current = process;
        if (current == null) {
            return Health.waiting("not running");
        }
        if (!current.isAlive()) {
            return Health.dead("ended with status %d; see %s".formatted(current.exitValue(), log));
        }
        Optional<Duration> silent = Optional.ofNullable(heartbeat).flatMap(Heartbeat::silent);
        if (silent.isPresent()) {
            return Health.dead("lives, and has not answered for %d s; see %s"
                    .formatted(silent.get().toSeconds(), log));
        }
        return serving ? Health.up("serving " + url()) : Health.waiting("starting");
    }

    @Override
    public synchronized void close() {
        if (process != null) {
            end();
            file.delete();
        }
    }

    static boolean ready(SchemaRegistryClient client) {
        try {
            client.getAllSubjects();
            return true;
        } catch (IOException | RestClientException e) {
            return false;
        }
    }
}
