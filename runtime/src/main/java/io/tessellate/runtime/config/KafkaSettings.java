package io.tessellate.runtime.config;

import io.tessellate.topic.TopicNames;
import java.util.HashMap;
import java.util.Map;

/**
 * Where the broker and the schema registry are and how to speak to them.
 *
 * @param bootstrapServers brokers as {@code host:port,...}
 * @param schemaRegistryUrl address of the registry's Confluent API, path prefix included
 * @param properties further client properties (security, timeouts); keys starting with {@code schema.registry.} go to
 *     the registry's client as well
 * @param topics names of the topics
 * @param instanceId tells this process from others of its kind, and stays the same over restarts
 * @param origin the same, but of the data directory: it tells an earlier life of this process from another one that was given
 *     the same id
 */
public record KafkaSettings(
        String bootstrapServers,
        String schemaRegistryUrl,
        Map<String, String> properties,
        TopicNames topics,
        String instanceId,
        String origin) {
    public KafkaSettings {
        properties = Map.copyOf(properties);
    }

    /** Settings of a process whose id is its alone. */
    public KafkaSettings(
            String bootstrapServers,
            String schemaRegistryUrl,
            Map<String, String> properties,
            TopicNames topics,
            String instanceId) {
        this(bootstrapServers, schemaRegistryUrl, properties, topics, instanceId, instanceId);
    }

    /** Settings with the default topic names and no further properties. */
    public static KafkaSettings of(String bootstrapServers, String schemaRegistryUrl) {
        return new KafkaSettings(bootstrapServers, schemaRegistryUrl, Map.of(), TopicNames.DEFAULT, "local");
    }

    /** The same with another instance id and origin. */
    public KafkaSettings withInstance(String id, String from) {
        return new KafkaSettings(bootstrapServers, schemaRegistryUrl, properties, topics, id, from);
    }

    /** What every client of the broker starts from; a fresh map. */
    public Map<String, Object> clientProperties() {
        Map<String, Object> all = new HashMap<>(properties);
        all.put("bootstrap.servers", bootstrapServers);
        return all;
    }
}
