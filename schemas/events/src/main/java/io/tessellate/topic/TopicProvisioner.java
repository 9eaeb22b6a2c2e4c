package io.tessellate.topic;

import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.StoppedException;
import io.tessellate.error.TessellateException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TopicExistsException;

/** Creates the topics and subjects that are missing and checks those that exist; doing so twice changes nothing. */
public final class TopicProvisioner {
    private static final long PATIENCE_SECONDS = 60;
    private static final long RETRY_MILLIS = 100;
    private static final long NO_LIMIT = -1;

    /** Settings of which a smaller value loses or refuses records. */
    private static final Set<String> LIMITS = Set.of("retention.ms", "retention.bytes", "max.message.bytes");

    private final Admin admin;
    private final Subjects subjects;
    private final TopicCatalogue catalogue;

    /** A provisioner of a catalogue's topics. */
    public TopicProvisioner(Admin admin, SchemaRegistryClient registry, TopicCatalogue catalogue) {
        this.admin = admin;
        this.subjects = new Subjects(registry);
        this.catalogue = catalogue;
    }

    /**
     * Provisions every internal topic.
     *
     * @throws TessellateException INVALID_CONFIGURATION with every difference if an existing topic has another shape
     */
    public void provision() {
        provision(catalogue.all());
    }

    /** Provisions one topic, for example a task's before its first record is written. */
    public void provision(Topic<?> topic) {
        provision(List.of(topic));
    }

    private void provision(List<? extends Topic<?>> topics) {
        create(topics);
        topics.stream().filter(catalogue.parallelTasks()::equals).findFirst().ifPresent(this::grow);
        List<String> problems = problems(topics);
        if (!problems.isEmpty()) {
            throw new TessellateException(ErrorCode.INVALID_CONFIGURATION, String.join("; ", problems));
        }
        topics.stream().filter(Topic::hasSchema).forEach(subjects::provision);
    }

    /** How the internal topics differ from what they have to be, those that are missing included; changes nothing. */
    public List<String> differences() {
        Set<String> there = await("list topics", () -> admin.listTopics().names());
        List<String> differences = new ArrayList<>();
        List<Topic<?>> known = new ArrayList<>();
        for (Topic<?> topic : catalogue.all()) {
            if (there.contains(topic.name())) {
                known.add(topic);
            } else {
                differences.add("topic %s is missing".formatted(topic.name()));
            }
        }
        differences.addAll(known.isEmpty() ? List.of() : problems(known));
        return differences;
    }

    private void create(List<? extends Topic<?>> topics) {
        List<NewTopic> wanted = topics.stream()
                .map(topic -> new NewTopic(topic.name(), Optional.of(topic.partitions()), Optional.empty())
                        .configs(topic.config()))
                .toList();
        admin.createTopics(wanted).values().forEach((name, created) -> createdOrThere(name, created));
    }

    /**
     * A topic of an earlier version may have fewer partitions. What lies in those there are stays where it is, and no key says
     * where anything lies. Another process may be quicker. Brokers learn of new partitions one after another, so it waits until they are told of.
     */
    private void grow(Topic<?> lanes) {
        if (partitions(lanes) >= lanes.partitions()) {
            return;
        }
        try {
            await(
                    "enlarge topic " + lanes.name(),
                    () -> admin.createPartitions(Map.of(lanes.name(), NewPartitions.increaseTo(lanes.partitions())))
                            .all());
        } catch (TessellateException e) {
            if (partitions(lanes) < lanes.partitions()) {
                throw e;
            }
        }
        awaitPartitions(lanes);
    }

    private void awaitPartitions(Topic<?> topic) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (partitions(topic) < topic.partitions() && System.nanoTime() < end) {
            try {
                TimeUnit.MILLISECONDS.sleep(RETRY_MILLIS);
            } catch (InterruptedException e) {
                throw interrupted(e);
            }
        }
    }

    private int partitions(Topic<?> topic) {
        return await(
                        "describe topics",
                        () -> admin.describeTopics(List.of(topic.name())).allTopicNames())
                .get(topic.name())
                .partitions()
                .size();
    }

    private static void createdOrThere(String name, KafkaFuture<Void> created) {
        try {
            created.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw unavailable("create topic " + name, e.getCause());
            }
        } catch (TimeoutException e) {
            throw unavailable("create topic " + name, e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private List<String> problems(List<? extends Topic<?>> topics) {
        List<String> names = topics.stream().map(Topic::name).toList();
        Map<String, TopicDescription> descriptions =
                await("describe topics", () -> admin.describeTopics(names).allTopicNames());
        Map<ConfigResource, Config> configs = await(
                "describe the topics' settings",
                () -> admin.describeConfigs(
                                names.stream().map(TopicProvisioner::resource).toList())
                        .all());
        awaitLeaders(descriptions.values());
        List<String> problems = new ArrayList<>();
        for (Topic<?> topic : topics) {
            problems.addAll(problems(topic, descriptions.get(topic.name()), configs.get(resource(topic.name()))));
        }
        return problems;
    }

    /**
     * Waits until each partition is served, not only known. A producer that is quicker may get its first batch refused and
     * its second accepted, after which the first is out of order for good.
     */
    private void awaitLeaders(Collection<TopicDescription> topics) {
        Map<TopicPartition, OffsetSpec> ends = topics.stream()
                .flatMap(topic -> topic.partitions().stream()
                        .map(partition -> new TopicPartition(topic.name(), partition.partition())))
                .collect(Collectors.toMap(Function.identity(), partition -> OffsetSpec.latest()));
        await("lead all partitions", () -> admin.listOffsets(ends).all());
    }

    private List<String> problems(Topic<?> topic, TopicDescription description, Config config) {
        List<String> problems = new ArrayList<>();
        int partitions = description.partitions().size();
        if (partitions != topic.partitions() && !isOfTask(topic)) {
            problems.add("topic %s has %d partitions, needed are %d"
                    .formatted(topic.name(), partitions, topic.partitions()));
        }
        String wanted = topic.cleanup().topicConfig().get("cleanup.policy");
        String actual = config.get("cleanup.policy").value();
        if (!actual.equals(wanted)) {
            problems.add("topic %s has cleanup.policy=%s, needed is %s".formatted(topic.name(), actual, wanted));
        }
        if (!isOfTask(topic)) {
            topic.config().forEach((key, needed) -> {
                if (LIMITS.contains(key) && !reaches(config.get(key).value(), needed)) {
                    problems.add("topic %s has %s=%s, needed is %s"
                            .formatted(topic.name(), key, config.get(key).value(), reached(needed)));
                }
            });
        }
        return problems;
    }

    /** The records of a task are its owner's, who is told what could lose them when they are read. */
    private boolean isOfTask(Topic<?> topic) {
        return topic.name().startsWith(catalogue.names().tasks() + ".");
    }

    /** Whether a limit is at least the needed one; -1 is none. */
    private static boolean reaches(String actual, String needed) {
        long limit = Long.parseLong(actual);
        return limit == NO_LIMIT || Long.parseLong(needed) != NO_LIMIT && limit >= Long.parseLong(needed);
    }

    private static String reached(String needed) {
        return Long.parseLong(needed) == NO_LIMIT ? needed : needed + " or more";
    }

    private static ConfigResource resource(String topic) {
        return new ConfigResource(ConfigResource.Type.TOPIC, topic);
    }

    /** A topic just created may not be known to the broker that is asked: the question is put again until it is. */
    private static <T> T await(String what, Supplier<KafkaFuture<T>> question) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (true) {
            try {
                return answer(what, question.get());
            } catch (RetriableException e) {
                if (System.nanoTime() > end) {
                    throw unavailable(what, e);
                }
                pause();
            }
        }
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(RETRY_MILLIS);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static <T> T answer(String what, KafkaFuture<T> future) {
        try {
            return future.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RetriableException retriable) {
                throw retriable;
            }
            throw unavailable(what, e.getCause());
        } catch (TimeoutException e) {
            throw unavailable(what, e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static TessellateException unavailable(String what, Throwable cause) {
        return new io.tessellate.error.RetriableException(
                ErrorCode.UNAVAILABLE_DEPENDENCY, "the broker did not " + what + ": " + cause.getMessage(), cause);
    }

    private static TessellateException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new StoppedException("interrupted while provisioning topics", e);
    }
}
