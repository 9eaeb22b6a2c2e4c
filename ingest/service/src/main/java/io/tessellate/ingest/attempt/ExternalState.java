package io.tessellate.ingest.attempt;

import io.tessellate.ingest.source.TopicLook;
import io.tessellate.runtime.kafka.streams.UnforeseenRecords;

/**
 * What the topology knows of the world beside its own topics.
 *
 * @param unforeseen records that were refused somewhere
 * @param look at the topics of tasks
 * @param downstream of closed datasets
 */
public record ExternalState(UnforeseenRecords unforeseen, TopicLook look, DownstreamState downstream) {}
