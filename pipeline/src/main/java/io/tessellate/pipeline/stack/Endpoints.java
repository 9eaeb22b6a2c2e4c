package io.tessellate.pipeline.stack;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.pipeline.broker.EmbeddedBroker;
import io.tessellate.pipeline.broker.Ports;
import io.tessellate.pipeline.broker.SchemaRegistryProcess;
import io.tessellate.pipeline.reach.Reachability;
import io.tessellate.runtime.config.KafkaSettings;
import io.tessellate.runtime.health.Component;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Broker and schema registry: those that exist already, or our own, started side by side. */
final class Endpoints implements AutoCloseable {
    /** How long somebody else's broker and registry may take to appear, as when all containers start at once. */
    private static final Duration START_LIMIT = Duration.ofMinutes(1);

    private final StackSettings settings;
    private final Consumer<String> say;
    private final @Nullable EmbeddedBroker broker;
    private final @Nullable SchemaRegistryProcess registry;

    /**
     * Endpoints that are not yet started.
     *
     * @param say hears what stands in the way, for people
     */
    Endpoints(StackSettings settings, Ports ports, Consumer<String> say) {
        this.settings = settings;
        this.say = say;
        boolean embedded = settings.external().isEmpty();
        this.broker = embedded ? broker(settings, ports) : null;
        this.registry = embedded ? registry(settings, ports) : null;
    }

    private static EmbeddedBroker broker(StackSettings settings, Ports ports) {
        return new EmbeddedBroker(
                settings.data().root().resolve("kafka"), ports, settings.ports().broker());
    }

    private static SchemaRegistryProcess registry(StackSettings settings, Ports ports) {
        Path home = settings.registryHome()
                .orElseThrow(() -> new TessellateException(
                        ErrorCode.INVALID_CONFIGURATION,
                        "no schema registry: set tessellate.registry.home to an unpacked Apicurio Registry, or"
                                + " tessellate.bootstrap-servers and tessellate.schema-registry-url to existing ones"));
        Path log = settings.data().directory("logs").resolve("schema-registry.log");
        return new SchemaRegistryProcess(
                home,
                settings.data().root().resolve("registry"),
                log,
                ports,
                settings.ports().registry());
    }

    /** Starts what is ours and says how to reach it. The registry needs longest, so its process is launched first. */
    KafkaSettings start() {
        if (broker == null || registry == null) {
            KafkaSettings external = settings.external().orElseThrow();
            Reachability.await(external, START_LIMIT, say);
            return settings.identified(external);
        }
        registry.launch();
        broker.start();
        registry.start();
        return settings.identified(
                new KafkaSettings(broker.bootstrapServers(), registry.url(), Map.of(), settings.topics(), ""));
    }

    /** Our schema registry's process, which may die without this one; empty where it is somebody else's. */
    Optional<SchemaRegistryProcess> registry() {
        return Optional.ofNullable(registry);
    }

    /** Why our broker is beyond help; empty while it lives. A broker in this JVM does not start twice. */
    Optional<String> failure() {
        return Optional.ofNullable(broker)
                .map(Component::health)
                .filter(health -> !health.live())
                .map(health -> "broker: " + health.detail());
    }

    /** What is ours. */
    List<Component> components() {
        List<Component> parts = new ArrayList<>();
        Optional.ofNullable(broker).ifPresent(parts::add);
        Optional.ofNullable(registry).ifPresent(parts::add);
        return parts;
    }

    @Override
    public void close() {
        if (broker != null) {
            broker.close();
        }
        if (registry != null) {
            registry.close();
        }
    }
}
