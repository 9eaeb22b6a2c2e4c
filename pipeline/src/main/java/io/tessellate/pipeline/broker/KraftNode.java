package io.tessellate.pipeline.broker;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import kafka.server.BrokerServer;
import kafka.server.ControllerServer;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.server.Server;
import kafka.server.SharedServer;
import kafka.server.StandardFaultHandlerFactory;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.image.MetadataDelta;
import org.apache.kafka.image.MetadataImage;
import org.apache.kafka.image.loader.LoaderManifest;
import org.apache.kafka.image.publisher.MetadataPublisher;
import org.apache.kafka.metadata.BrokerRegistration;
import org.apache.kafka.metadata.bootstrap.BootstrapMetadata;
import org.apache.kafka.metadata.properties.MetaPropertiesEnsemble;
import org.apache.kafka.raft.QuorumConfig;
import org.apache.kafka.server.ServerSocketFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Tuple2;

/**
 * A controller and a broker in one, as {@link KafkaRaftServer}, except that the broker waits until the session it had
 * before a kill has ended.
 *
 * <p>Kafka's own order loses committed transactions there (seen with 4.3.1): a broker that starts while its old session
 * still counts leads its partitions at once, and so begins to write the markers of transactions it finds prepared; then
 * the old session ends, no partition has a leader, and the transaction coordinator takes that for "deleted", skips the
 * markers and notes the transaction as complete. Readers of committed records stop before it for ever. Once the old
 * session has ended first, the partitions get their leaders back in one step with the coordinator's own.
 */
final class KraftNode {
    private static final Logger LOG = LoggerFactory.getLogger(KraftNode.class);
    private static final Duration LONGEST_SESSION = Duration.ofMinutes(1);

    private final int id;
    private final SharedServer shared;
    private final ControllerServer controller;
    private final BrokerServer broker;

    KraftNode(KafkaConfig config) {
        Tuple2<MetaPropertiesEnsemble, BootstrapMetadata> stored =
                KafkaRaftServer.initializeLogDirs(config, LOG, "[broker] ");
        Metrics metrics = Server.initializeMetrics(
                config, Time.SYSTEM, stored._1().clusterId().orElseThrow());
        id = config.nodeId();
        shared = new SharedServer(
                config,
                stored._1(),
                Time.SYSTEM,
                metrics,
                CompletableFuture.completedFuture(
                        QuorumConfig.parseVoterConnections(config.quorumConfig().voters())),
                QuorumConfig.parseBootstrapServers(config.quorumConfig().bootstrapServers()),
                new StandardFaultHandlerFactory(),
                ServerSocketFactory.INSTANCE);
        broker = new BrokerServer(shared);
        controller = new ControllerServer(shared, KafkaRaftServer.configSchema(), stored._2());
    }

    /** Returns once the broker serves its partitions. */
    void start() {
        controller.startup();
        awaitEndOfFormerSession();
        broker.startup();
    }

    /** Stops the broker, then the controller it needs for an orderly stop; also after a failed start. */
    void stop() {
        broker.shutdown();
        controller.shutdown();
        broker.awaitShutdown();
        controller.awaitShutdown();
    }

    private void awaitEndOfFormerSession() {
        var ended = new FormerSessionEnded();
        shared.loader().installPublishers(List.of(ended));
        try {
            ended.future.get(LONGEST_SESSION.toSeconds(), TimeUnit.SECONDS);
            shared.loader().removeAndClosePublisher(ended).get(LONGEST_SESSION.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException("interrupted while the session from before the last stop ended", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new KafkaException("the session from before the last stop did not end", e);
        }
    }

    /** Completes once the metadata shows no live session of this node. */
    private final class FormerSessionEnded implements MetadataPublisher {
        private final CompletableFuture<Void> future = new CompletableFuture<>();
        private boolean told;

        @Override
        public String name() {
            return "FormerSessionEnded";
        }

        @Override
        public void onMetadataUpdate(MetadataDelta delta, MetadataImage image, LoaderManifest manifest) {
            BrokerRegistration former = image.cluster().broker(id);
            if (former == null || former.fenced()) {
                future.complete(null);
            } else if (!told) {
                told = true;
                LOG.info("the broker was not stopped in an orderly way: waiting for its former session to end");
            }
        }
    }
}
