package io.tessellate.pipeline.stack;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.pipeline.broker.Ports;
import io.tessellate.runtime.blob.BlobStore;
import io.tessellate.runtime.config.DataDirectory;
import io.tessellate.runtime.config.KafkaSettings;
import io.tessellate.runtime.health.Component;
import io.tessellate.runtime.health.Health;
import io.tessellate.runtime.http.HttpApi;
import io.tessellate.runtime.http.HttpSettings;
import io.tessellate.runtime.kafka.KafkaClients;
import io.tessellate.runtime.lifecycle.Service;
import io.tessellate.runtime.lifecycle.Services;
import io.tessellate.runtime.metrics.Metrics;
import io.tessellate.topic.TopicProvisioner;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Broker, schema registry and all services in one JVM on one data directory. Starting it again on the same directory goes
 * on where it was, however it ended.
 */
public final class Stack implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Stack.class);
    private static final int LOOK_EVERY_MILLIS = 50;
    private static final long MEGABYTE = 1 << 20;

    private final StackSettings settings;
    private final Set<Member> members;
    private final Consumer<String> stages;
    private final Ports ports;
    private final Endpoints endpoints;
    private final Metrics metrics = new Metrics();
    /** What must be closed, the newest first. */
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();

    /** Whoever closes second waits for the first, so that the order holds. */
    private final Object closing = new Object();

    private boolean closed;
    private volatile @Nullable Running running;

    private record Running(KafkaClients clients, Parts parts, Services services, StackFile file) {}

    /**
     * Takes the data directory; nothing is started yet.
     *
     * @param members the services that run in it
     * @param stages hears what the start is doing, for people
     * @throws TessellateException DATA_DIRECTORY if another stack holds the directory, or another version wrote it
     */
    public Stack(StackSettings settings, Set<Member> members, Consumer<String> stages) {
        this.settings = settings;
        this.members = EnumSet.copyOf(members);
        this.stages = stages;
        this.ports = Ports.of(settings.data().root());
        this.endpoints = new Endpoints(settings, ports);
        DataFormat.claim(settings.data());
        this.opened.push(DirectoryLock.acquire(settings.data()));
        this.opened.push(metrics);
        this.opened.push(endpoints);
    }

    /** Starts everything; when something fails, what was started is stopped again. */
    public void start() {
        try {
            running = run();
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private Running run() {
        stages.accept(
                settings.external().isPresent()
                        ? "using the broker and the schema registry of the configuration"
                        : "starting broker and schema registry");
        KafkaSettings kafka = endpoints.start();
        stages.accept("creating topics");
        KafkaClients clients = new KafkaClients(kafka, metrics.registry());
        toClose(clients);
        try (Admin admin = clients.admin()) {
            new TopicProvisioner(admin, clients.registry(), clients.topics()).provision();
        }
        stages.accept("starting services");
        Parts parts = new Parts(settings, clients, metrics);
        Services services = new Services("services", parts.make(members));
        toClose(services);
        services.start();
        HttpApi http = http(parts, services);
        toClose(http);
        http.start();
        StackFile file = file(kafka, http);
        toClose(() -> StackFile.delete(settings.data()));
        file.write(settings.data());
        LOG.info("stack runs on {}", settings.data());
        return new Running(clients, parts, services, file);
    }

    private HttpApi http(Parts parts, Services services) {
        Token token = Token.of(settings.data());
        int port = ports.port("http", settings.ports().http());
        HttpSettings where = HttpSettings.local(port)
                .withHost(settings.httpHost())
                .withToken(token.value())
                .withHosts(settings.httpHosts());
        List<Component> components = new ArrayList<>(endpoints.components());
        components.addAll(services.members());
        return new HttpApi("http", where, components, metrics, parts::routes);
    }

    private StackFile file(KafkaSettings kafka, HttpApi http) {
        return new StackFile(
                ProcessHandle.current().pid(),
                kafka.bootstrapServers(),
                kafka.schemaRegistryUrl(),
                http.address(),
                Token.of(settings.data()).file().toString(),
                settings.blobs().toAbsolutePath().toString(),
                settings.topics().control(),
                settings.topics().tasks());
    }

    /**
     * Waits until every part is ready.
     *
     * @throws TessellateException TIMEOUT with the part that is not; NOT_READY if one has failed
     */
    public void awaitReady(Duration timeout) {
        stages.accept("waiting for services");
        long end = System.nanoTime() + timeout.toNanos();
        Health health = health();
        while (!health.ready()) {
            if (!health.live()) {
                throw new TessellateException(ErrorCode.NOT_READY, "start failed: " + health.detail());
            }
            if (System.nanoTime() > end) {
                throw new TessellateException(
                        ErrorCode.TIMEOUT, "not ready within %s: %s".formatted(timeout, health.detail()));
            }
            pause();
            health = health();
        }
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TessellateException(ErrorCode.INTERRUPTED, "waiting for the stack was interrupted", e);
        }
    }

    /** The health of all parts as one. */
    public Health health() {
        Health all = running().services().health();
        for (Component component : endpoints.components()) {
            Health one = component.health();
            all = all.and(new Health(one.ready(), one.live(), component.name() + ": " + one.detail()));
        }
        return all;
    }

    /** Why a part of the stack itself, broker or schema registry, is beyond help; empty while all live. */
    public Optional<String> failure() {
        return endpoints.components().stream()
                .filter(component -> !component.health().live())
                .findFirst()
                .map(component -> "%s: %s; %s free in %s"
                        .formatted(component.name(), component.health().detail(), free(), settings.data()));
    }

    /** A full disk is the usual reason, and it keeps the log from saying so. */
    private String free() {
        return settings.data().root().toFile().getUsableSpace() / MEGABYTE + " MB are";
    }

    /** Where everything is. */
    public StackFile file() {
        return running().file();
    }

    /** Clients of its broker and registry; they are closed with the stack. */
    public KafkaClients clients() {
        return running().clients();
    }

    /** Its data directory. */
    public DataDirectory data() {
        return settings.data();
    }

    /** Its blob store. */
    public BlobStore blobs() {
        return running().parts().blobs();
    }

    private Running running() {
        Running current = running;
        if (current == null) {
            throw new IllegalStateException("the stack is not started");
        }
        return current;
    }

    /** Stops the services, then their clients, then broker and registry, and lets the directory go. */
    @Override
    public void close() {
        synchronized (closing) {
            running = null;
            for (AutoCloseable part = last(); part != null; part = last()) {
                quietly(part);
            }
        }
    }

    private @Nullable AutoCloseable last() {
        synchronized (opened) {
            closed = true;
            return opened.poll();
        }
    }

    /** Remembers what was opened. A stack that is stopped while it starts opens nothing more. */
    private void toClose(AutoCloseable part) {
        synchronized (opened) {
            if (!closed) {
                opened.push(part);
                return;
            }
        }
        quietly(part);
        throw new TessellateException(ErrorCode.INTERRUPTED, "stopped while starting");
    }

    private static void quietly(AutoCloseable part) {
        try {
            part.close();
        } catch (Exception e) {
            LOG.warn("{} did not stop cleanly", part instanceof Service service ? service.name() : part, e);
        }
    }
}
