package io.tessellate.ingest;

import io.tessellate.runtime.kafka.UnforeseenRecords;

/**
 * What the topology knows of the world beside its own topics.
 *
 * @param unforeseen records that were refused somewhere
 * @param look at the topics of tasks
 * @param aftermath of closed datasets
 */
record Surroundings(UnforeseenRecords unforeseen, TopicLook look, Aftermath aftermath) {}
