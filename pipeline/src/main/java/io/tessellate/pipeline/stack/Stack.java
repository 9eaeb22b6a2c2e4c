package io.tessellate.pipeline.stack;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.evaluator.view.PipelineLogs;
import io.tessellate.pipeline.broker.Ports;
import io.tessellate.runtime.blob.BlobStore;
import io.tessellate.runtime.config.DataDirectory;
import io.tessellate.runtime.config.DirectoryLock;
import io.tessellate.runtime.config.KafkaSettings;
import io.tessellate.runtime.health.Component;
import io.tessellate.runtime.health.Health;
import io.tessellate.runtime.http.HttpSettings;
import io.tessellate.runtime.kafka.KafkaClients;
import io.tessellate.runtime.lifecycle.Service;
import io.tessellate.runtime.lifecycle.Services;
import io.tessellate.runtime.metrics.Metrics;
import io.tessellate.runtime.retry.Backoff;
import io.tessellate.topic.TopicProvisioner;
import java.time.Clock;
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
    /** Gives a part up after about a minute of pauses. */
    private static final Backoff RESTARTS = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(30), 6);

    private static final long MEGABYTE = 1 << 20;
    private static final long LEAST_MEGABYTES = 64;

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
    /** Why nothing helps any more, once that is so. */
    private volatile @Nullable String beyondHelp;

    private record Running(KafkaClients clients, StackServices parts, Services services, StackFile file) {}

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
        this.endpoints = new Endpoints(settings, ports, stages);
        DataFormat.claim(settings.data());
        this.opened.push(DirectoryLock.acquire(settings.data().directory(""), "up", "--data-dir"));
        requireSpace();
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
        KafkaClients clients = toClose(new KafkaClients(kafka, metrics.registry()));
        try (Admin admin = clients.admin()) {
            new TopicProvisioner(admin, clients.registry(), clients.topics()).provision();
        }
        stages.accept("starting services");
        StackServices parts = toClose(new StackServices(settings, clients, metrics, members, settings.page(ports)));
        Services services = toClose(new Services("services", parts.services()));
        services.start();
        HttpFront http = toClose(http(parts));
        http.start();
        StackFile file = file(kafka, http);
        toClose(() -> StackFile.delete(settings.data()));
        file.write(settings.data());
        Supervisor supervisor =
                toClose(new Supervisor(watched(parts, http), Clock.systemUTC(), why -> beyondHelp = why));
        supervisor.start();
        LOG.info("stack runs on {}", settings.data());
        return new Running(clients, parts, services, file);
    }

    private HttpFront http(StackServices parts) {
        List<Component> components = new ArrayList<>(endpoints.components());
        components.addAll(parts.services());
        HttpSettings where = HttpSettings.local(
                        ports.port("http", settings.ports().http()))
                .withHost(settings.httpHost())
                .withToken(Token.of(settings.data()).value())
                .withHosts(settings.httpHosts());
        return new HttpFront(where, components, metrics, parts::routes);
    }

    /** Everything that can die while this process lives, with what starts it again. */
    private List<Watched> watched(StackServices parts, HttpFront http) {
        List<Watched> watched = new ArrayList<>();
        endpoints
                .registry()
                .ifPresent(registry -> watched.add(new Watched(registry, registry::restart, RESTARTS, stages)));
        for (Replaceable<?> service : parts.services()) {
            Runnable restart = parts.hasRoutes(service)
                    ? () -> {
                        service.replace();
                        http.restart();
                    }
                    : service::replace;
            watched.add(new Watched(service, restart, RESTARTS, stages));
        }
        return watched;
    }

    private StackFile file(KafkaSettings kafka, HttpFront http) {
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
     * Waits until every part is ready. One that dies meanwhile is started again.
     *
     * @throws TessellateException TIMEOUT with the part that is not; NOT_READY if one cannot be had
     */
    public void awaitReady(Duration timeout) {
        stages.accept("waiting for services");
        long end = System.nanoTime() + timeout.toNanos();
        Health health = health();
        while (!health.ready()) {
            failure().ifPresent(why -> {
                throw new TessellateException(ErrorCode.NOT_READY, "start failed: " + why);
            });
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

    /** Why the stack is beyond help, broker dead or a part that cannot be had; empty while there is hope. */
    public Optional<String> failure() {
        return endpoints
                .failure()
                .or(() -> Optional.ofNullable(beyondHelp))
                .map(why -> "%s; %s free in %s".formatted(why, free(), settings.data()));
    }

    /** A broker on a full disk dies half-way and says so to nobody. */
    private void requireSpace() {
        long free = settings.data().root().toFile().getUsableSpace() / MEGABYTE;
        if (free < LEAST_MEGABYTES) {
            close();
            throw new TessellateException(
                    ErrorCode.STORAGE,
                    "only %d MB are free in %s; a start needs %d".formatted(free, settings.data(), LEAST_MEGABYTES));
        }
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

    /** The folds of its topics; whoever reads starts them, and they are closed with the stack. */
    public PipelineLogs logs() {
        return running().parts().logs();
    }

    /** Its blob store. */
    public BlobStore blobs() {
        return running().parts().blobs();
    }

    private Running running() {
        Running current = running;
        if (current == null) {
            throw new TessellateException(ErrorCode.INTERRUPTED, "the stack was stopped, or is not started");
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
    private <T extends AutoCloseable> T toClose(T part) {
        synchronized (opened) {
            if (!closed) {
                opened.push(part);
                return part;
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
