package io.tessellate.dataset.log;

import io.tessellate.dataset.Dataset;
import io.tessellate.dataset.Example;
import io.tessellate.dataset.Split;
import io.tessellate.dataset.manifest.Manifest;
import io.tessellate.dataset.record.RecordDecoder;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.RetriableException;
import io.tessellate.error.StoppedException;
import io.tessellate.error.TessellateException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Reads a closed dataset again from its offset ranges: the same records by the same rules, in the order of (partition,
 * offset), checked against the counts and the digest that ingest published.
 *
 * <p>Each call has a consumer of its own, outside of any group. Not thread-safe.
 */
public final class DatasetReader {
    private static final Duration POLL = Duration.ofMillis(200);

    private final Supplier<? extends Consumer<byte[], byte[]>> consumers;
    private final RecordDecoder decoder;
    private final Duration patience;
    private final Duration absence;

    /**
     * A reader with consumers of the caller's, which must read committed records only and belong to no group.
     *
     * @param consumers makes a consumer for each call; it is closed after it
     * @param decoder for the records' bytes
     * @param patience how long a call waits without any progress
     * @param absence how long a topic must be unknown to count as deleted
     */
    public DatasetReader(
            Supplier<? extends Consumer<byte[], byte[]>> consumers,
            RecordDecoder decoder,
            Duration patience,
            Duration absence) {
        this.consumers = consumers;
        this.decoder = decoder;
        this.patience = patience;
        this.absence = absence;
    }

    /** A reader by client settings (bootstrap.servers and credentials); the others are set here. */
    public static DatasetReader connect(Map<String, ?> clientSettings, RecordDecoder decoder) {
        Map<String, Object> settings = new HashMap<>(clientSettings);
        settings.remove(ConsumerConfig.GROUP_ID_CONFIG);
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        return new DatasetReader(
                () -> new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer()),
                decoder,
                Duration.ofSeconds(20),
                Duration.ofSeconds(2));
    }

    /** The examples of one split. */
    public List<Example> read(ClosedDataset closed, Split split) {
        return read(closed).split(split);
    }

    /**
     * The whole dataset.
     *
     * @throws TessellateException RECORDS_GONE or TOPIC_RECREATED if the topic no longer holds the dataset's offsets,
     *     DIGEST_MISMATCH if it holds others than were closed; a {@link RetriableException} if broker or registry do not answer
     */
    public Dataset read(ClosedDataset closed) {
        var assembly = new DatasetAssembly(closed.manifest(), closed.textLimit(), decoder);
        ReadRecords now = read(new DatasetOffsets(closed.topic(), closed.ranges(), true, absence), assembly);
        return DatasetAssembly.require(now, closed);
    }

    /**
     * Records of a topic that no dataset need have been closed of, by the rules of a manifest. Those that are no examples are counted.
     *
     * @param textLimit longest text that is accepted, in characters
     * @throws TessellateException INVALID_ARGUMENT if the topic or its offsets are not there, RECORDS_GONE if they are no more,
     *     NOT_AUTHENTICATED if the topic may not be read; a {@link RetriableException} if broker or registry do not answer
     */
    public ReadRecords read(String topic, List<OffsetRange> ranges, Manifest manifest, int textLimit) {
        return read(
                new DatasetOffsets(topic, ranges, false, absence), new DatasetAssembly(manifest, textLimit, decoder));
    }

    private ReadRecords read(DatasetOffsets offsets, DatasetAssembly assembly) {
        try (Consumer<byte[], byte[]> consumer = open()) {
            offsets.requireIn(consumer);
            read(consumer, offsets, assembly);
        } catch (OffsetOutOfRangeException e) {
            throw new TessellateException(
                    ErrorCode.RECORDS_GONE, "records of %s are gone: %s".formatted(offsets.topic(), e.getMessage()), e);
        } catch (KafkaException e) {
            throw failure(offsets.topic(), e);
        }
        return assembly.finish();
    }

    private Consumer<byte[], byte[]> open() {
        try {
            return consumers.get();
        } catch (KafkaException e) {
            throw new RetriableException(
                    ErrorCode.UNAVAILABLE_DEPENDENCY, "cannot connect to the broker: " + e.getMessage(), e);
        }
    }

    private void read(Consumer<byte[], byte[]> consumer, DatasetOffsets offsets, DatasetAssembly assembly) {
        Map<TopicPartition, Long> ends = seek(consumer, offsets);
        long lastProgress = System.nanoTime();
        while (!ends.isEmpty()) {
            if (poll(consumer, ends, assembly)) {
                lastProgress = System.nanoTime();
            } else if (System.nanoTime() - lastProgress > patience.toNanos()) {
                throw new RetriableException(
                        ErrorCode.UNAVAILABLE_DEPENDENCY, "no record for %s from %s".formatted(patience, ends));
            }
        }
    }

    /** A broker that is away or refuses us can change its mind; a topic that is not ours to read, or is damaged, stays so. */
    private static TessellateException failure(String topic, KafkaException e) {
        String message = "cannot read %s: %s".formatted(topic, e.getMessage());
        if (e instanceof InterruptException) {
            return new StoppedException(message, e);
        }
        if (e instanceof TopicAuthorizationException) {
            return new TessellateException(ErrorCode.NOT_AUTHENTICATED, message, e);
        }
        if (e instanceof AuthenticationException || e instanceof AuthorizationException) {
            return new RetriableException(ErrorCode.NOT_AUTHENTICATED, message, e);
        }
        return e instanceof org.apache.kafka.common.errors.RetriableException
                ? new RetriableException(ErrorCode.UNAVAILABLE_DEPENDENCY, message, e)
                : new TessellateException(ErrorCode.RECORDS_GONE, message, e);
    }

    private static Map<TopicPartition, Long> seek(Consumer<byte[], byte[]> consumer, DatasetOffsets offsets) {
        Map<TopicPartition, Long> ends = new HashMap<>();
        for (OffsetRange range : offsets.asked()) {
            ends.put(new TopicPartition(offsets.topic(), range.partition()), range.to());
        }
        consumer.assign(ends.keySet());
        for (OffsetRange range : offsets.asked()) {
            consumer.seek(new TopicPartition(offsets.topic(), range.partition()), range.from());
        }
        return ends;
    }

    /** Takes records up to the ends; a partition is done by its position, since its last offsets may be no records. */
    private static boolean poll(
            Consumer<byte[], byte[]> consumer, Map<TopicPartition, Long> ends, DatasetAssembly assembly) {
        boolean progress = false;
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
            Long end = ends.get(new TopicPartition(record.topic(), record.partition()));
            if (end != null && record.offset() < end) {
                assembly.add(record);
                progress = true;
            }
        }
        Set<TopicPartition> done = ends.entrySet().stream()
                .filter(end -> consumer.position(end.getKey()) >= end.getValue())
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
        ends.keySet().removeAll(done);
        consumer.pause(done);
        return progress || !done.isEmpty();
    }
}
