package io.tessellate.ingest.source;

import io.tessellate.runtime.kafka.KafkaClients;
import io.tessellate.topic.TopicNames;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks from time to time for topics that seem to be meant for us and are not read, and says each once. */
public final class StrayTopicWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StrayTopicWatch.class);
    private static final long EVERY_SECONDS = 30;

    private final Admin admin;
    private final TopicNames names;
    private final Set<String> said = new HashSet<>();
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread daemon = new Thread(task, "stray-topics");
        daemon.setDaemon(true);
        return daemon;
    });

    public StrayTopicWatch(KafkaClients clients) {
        this.admin = clients.admin();
        this.names = clients.topics().names();
    }

    public void start() {
        thread.scheduleWithFixedDelay(this::look, 1, EVERY_SECONDS, TimeUnit.SECONDS);
    }

    private void look() {
        try {
            for (String topic : TopicInspector.await(admin.listTopics().names())) {
                names.stray(topic).filter(why -> said.add(topic)).ifPresent(why -> LOG.warn("{}", why));
            }
        } catch (KafkaException e) {
            LOG.debug("topics cannot be listed now", e);
        } catch (RuntimeException | Error e) { // thrown on, it would end the watch without a word
            LOG.warn("topics cannot be looked through for stray ones", e);
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
        admin.close(Duration.ofSeconds(1));
    }
}
