package io.tessellate.ingest.source;

import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Looks at the topics of tasks. Asked from a stream thread, which must not wait; answered from another. */
public interface TopicLook {
    /**
     * What the topic is now.
     *
     * @param covered what was read of it, to be counted again where records can vanish from between others
     */
    CompletableFuture<TopicSighting> now(String topic, Map<Integer, Covered> covered);

    /**
     * What the topic is once all that stands in it, and in the topic of manifests, when this is called has been handled.
     *
     * @param partition of the internal topics in which the task is handled
     */
    CompletableFuture<TopicSighting> onceRead(String topic, int partition, Map<Integer, Covered> covered);
}
