package io.tessellate.pipeline.broker;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.runtime.health.Health;
import io.tessellate.runtime.lifecycle.Service;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import kafka.server.KafkaConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One Kafka broker and controller in this JVM, on 127.0.0.1, with its data in a directory. Only it, {@link
 * KraftNode} and {@link FatalExit} know Kafka's internal server classes.
 */
public final class EmbeddedBroker implements Service {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedBroker.class);
    private static final int ATTEMPTS = 3;

    private final Path directory;
    private final Ports ports;
    private final int wantedPort;
    private final Map<String, ?> overrides;
    private @Nullable KraftNode server;
    private int port;

    /**
     * A broker that is not yet running.
     *
     * @param directory where it keeps its data
     * @param ports where its ports are remembered
     * @param wantedPort the port clients use, 0 for the remembered one or any
     */
    public EmbeddedBroker(Path directory, Ports ports, int wantedPort) {
        this(directory, ports, wantedPort, Map.of());
    }

    /** A broker with further listeners or other properties than ours. */
    EmbeddedBroker(Path directory, Ports ports, int wantedPort, Map<String, ?> overrides) {
        this.directory = directory;
        this.ports = ports;
        this.wantedPort = wantedPort;
        this.overrides = Map.copyOf(overrides);
    }

    @Override
    public String name() {
        return "broker";
    }

    @Override
    public synchronized void start() {
        FatalExit.install();
        format();
        for (int attempt = 1; ; attempt++) {
            try {
                server = startServer();
                LOG.info("broker listens on {}", bootstrapServers());
                return;
            } catch (KafkaException e) {
                if (attempt == ATTEMPTS || !bindFailed(e)) {
                    throw new TessellateException(
                            ErrorCode.UNAVAILABLE_DEPENDENCY,
                            "the embedded broker did not start: " + e.getMessage(),
                            e);
                }
                LOG.warn("a port was taken in the meantime, trying others", e);
                ports.forget("broker");
                ports.forget("controller");
            }
        }
    }

    /** Where clients reach it. */
    public synchronized String bootstrapServers() {
        return "127.0.0.1:" + port;
    }

    @Override
    public synchronized Health health() {
        if (FatalExit.happened()) {
            return Health.dead("it met a fatal error and gave up");
        }
        return server == null ? Health.waiting("not running") : Health.up("listening on " + bootstrapServers());
    }

    @Override
    public synchronized void close() {
        if (server != null) {
            server.stop();
            server = null;
        }
    }

    private KraftNode startServer() {
        port = ports.port("broker", wantedPort);
        int controllerPort = ports.port("controller", 0);
        Map<String, Object> properties = BrokerConfig.of(directory, port, controllerPort);
        overrides.forEach((key, value) -> properties.merge(key, value, EmbeddedBroker::overrule));
        KafkaConfig config = new KafkaConfig(properties, false);
        KraftNode created = new KraftNode(config);
        try {
            created.start();
        } catch (RuntimeException e) {
            created.stop();
            throw e;
        }
        return created;
    }

    /** A value that begins with a comma is added to ours. */
    private static Object overrule(Object ours, Object theirs) {
        return theirs.toString().startsWith(",") ? ours.toString() + theirs : theirs;
    }

    private static boolean bindFailed(@Nullable Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof java.net.BindException) {
                return true;
            }
        }
        return false;
    }

    private void format() {
        if (Files.exists(directory.resolve("meta.properties"))) {
            return;
        }
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        try (PrintStream out = new PrintStream(said, true, StandardCharsets.UTF_8)) {
            Files.createDirectories(directory);
            new Formatter()
                    .setPrintStream(out)
                    .setNodeId(1)
                    .setClusterId(Uuid.randomUuid().toString())
                    .addDirectory(directory.toString())
                    .setMetadataLogDirectory(directory.toString())
                    .setControllerListenerName("CONTROLLER")
                    .setReleaseVersion(MetadataVersion.latestProduction())
                    .setIgnoreFormatted(true)
                    .run();
        } catch (Exception e) {
            throw storage(e);
        }
        LOG.info("formatted: {}", said.toString(StandardCharsets.UTF_8).strip());
    }

    private TessellateException storage(Exception e) {
        return new TessellateException(ErrorCode.STORAGE, "cannot prepare the broker's directory " + directory, e);
    }
}
