package io.tessellate.pipeline.doctor;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.pipeline.broker.Ports;
import io.tessellate.pipeline.reach.Reachability;
import io.tessellate.pipeline.stack.StackFile;
import io.tessellate.pipeline.stack.StackSettings;
import io.tessellate.runtime.config.KafkaSettings;
import io.tessellate.runtime.kafka.KafkaClients;
import io.tessellate.topic.TopicProvisioner;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.apache.kafka.clients.admin.Admin;

/**
 * What runs, or would: ports, broker, schema registry, topics, clock.
 *
 * @param settings what commands are told here
 * @param clock of this machine
 */
record StackChecks(StackSettings settings, Clock clock) {
    private static final Instant OLDEST = Instant.parse("2025-01-01T00:00:00Z");
    private static final Duration APART = Duration.ofSeconds(30);
    private static final int PATIENCE_MILLIS = 4000;

    List<Examination> all() {
        return List.of(
                new Examination("stack", this::stack),
                new Examination("ports", this::ports),
                new Examination("broker", () -> reached("broker", Reachability::broker)),
                new Examination("schema registry", () -> reached("schema registry", Reachability::schemaRegistry)),
                new Examination("topics", this::topics),
                new Examination("clock", this::time));
    }

    /** The cluster that is configured, else that of the stack that runs on the data directory. */
    private Optional<KafkaSettings> cluster() {
        return settings.external().or(() -> StackFile.running(settings.data()).map(file -> file.kafka("doctor")));
    }

    private Diagnosis stack() {
        Optional<StackFile> running = StackFile.running(settings.data());
        if (running.isPresent()) {
            return Diagnosis.good(
                    "stack",
                    "process %d runs on %s, %s"
                            .formatted(
                                    running.get().pid(),
                                    settings.data(),
                                    running.get().http()));
        }
        return settings.external()
                .map(kafka ->
                        Diagnosis.good("stack", "the cluster at %s is configured".formatted(kafka.bootstrapServers())))
                .orElseGet(() -> nothing("stack"));
    }

    private Diagnosis nothing(String name) {
        return Diagnosis.noted(
                name,
                "nothing runs on %s".formatted(settings.data()),
                "start it with: tessellate up --data-dir %s".formatted(settings.data()));
    }

    private Diagnosis ports() {
        if (StackFile.running(settings.data()).isPresent()) {
            return Diagnosis.good("ports", "those of the running stack");
        }
        Map<String, Integer> wanted = new LinkedHashMap<>();
        wanted.put("tessellate.broker.port", settings.ports().broker());
        wanted.put("tessellate.registry.port", settings.ports().registry());
        wanted.put("tessellate.http.port", settings.ports().http());
        wanted.values().removeIf(port -> port == 0);
        List<String> taken = new ArrayList<>();
        wanted.forEach((key, port) -> {
            if (!Ports.isFree(port)) {
                taken.add("%s %d".formatted(key, port));
            }
        });
        if (taken.isEmpty()) {
            return Diagnosis.good(
                    "ports", wanted.isEmpty() ? "any that are free" : "%s are free".formatted(wanted.values()));
        }
        return Diagnosis.wrong(
                "ports",
                "taken by another program: %s".formatted(String.join(", ", taken)),
                "choose others, or leave them out: then free ones are found");
    }

    private Diagnosis reached(String name, Function<KafkaSettings, Optional<TessellateException>> question) {
        return cluster()
                .map(kafka -> question.apply(kafka)
                        .map(problem -> Diagnosis.wrong(
                                name,
                                String.valueOf(problem.getMessage()),
                                "see docs/when-something-goes-wrong.md, %s".formatted(problem.code())))
                        .orElseGet(() -> Diagnosis.good(
                                name,
                                "%s answers"
                                        .formatted(
                                                name.equals("broker")
                                                        ? kafka.bootstrapServers()
                                                        : kafka.schemaRegistryUrl()))))
                .orElseGet(() -> nothing(name));
    }

    private Diagnosis topics() {
        Optional<KafkaSettings> cluster = cluster();
        if (cluster.isEmpty()) {
            return nothing("topics");
        }
        if (Reachability.broker(cluster.get()).isPresent()) {
            return Diagnosis.noted(
                    "topics", "cannot be looked at while the broker cannot be reached", "see the broker");
        }
        try (KafkaClients clients = new KafkaClients(cluster.get());
                Admin admin = clients.admin()) {
            List<String> differences = new TopicProvisioner(admin, clients.registry(), clients.topics()).differences();
            return differences.isEmpty()
                    ? Diagnosis.good("topics", "all are there, as they have to be")
                    : Diagnosis.wrong(
                            "topics",
                            String.join("; ", differences),
                            "topics that are missing are made by: tessellate up, or the services; of the others, change the setting"
                                    + " with your cluster's tools");
        }
    }

    private Diagnosis time() {
        Instant here = clock.instant();
        if (here.isBefore(OLDEST)) {
            return Diagnosis.wrong(
                    "clock", "it says %s".formatted(here), "set it, by NTP for example: events carry the time");
        }
        return cluster()
                .flatMap(kafka -> date(kafka.schemaRegistryUrl()))
                .map(there -> apart(here, there))
                .orElseGet(() -> Diagnosis.good("clock", "%s; there is no other to compare it with".formatted(here)));
    }

    /** The clocks of this machine and of the registry's. */
    static Diagnosis apart(Instant here, Instant there) {
        Duration apart = Duration.between(here, there).abs();
        return apart.compareTo(APART) > 0
                ? Diagnosis.wrong(
                        "clock",
                        "this machine says %s, the schema registry's %s".formatted(here, there),
                        "set both by NTP: leases and retention go by time")
                : Diagnosis.good("clock", "%s, as the schema registry's".formatted(here));
    }

    private static Optional<Instant> date(String url) {
        try {
            HttpURLConnection connection =
                    (HttpURLConnection) URI.create(url).toURL().openConnection();
            connection.setConnectTimeout(PATIENCE_MILLIS);
            connection.setReadTimeout(PATIENCE_MILLIS);
            try {
                long date = connection.getDate();
                return date == 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(date));
            } finally {
                connection.disconnect();
            }
        } catch (IOException e) {
            throw new TessellateException(
                    ErrorCode.UNAVAILABLE_DEPENDENCY,
                    "%s cannot be asked for its time: %s".formatted(url, e.getMessage()),
                    e);
        }
    }
}
