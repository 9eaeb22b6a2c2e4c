package io.tessellate.pipeline.check;

import io.tessellate.dataset.record.RecordDecoder;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.event.EvaluationCompleted;
import io.tessellate.event.ForgettingRow;
import io.tessellate.event.TaskEvent;
import io.tessellate.event.TrainingEvent;
import io.tessellate.lineage.log.LoggedEvent;
import io.tessellate.lineage.log.RegistryEventCodec;
import io.tessellate.pipeline.check.topic.DeadLetterEntry;
import io.tessellate.pipeline.check.topic.LoggedTopics;
import io.tessellate.pipeline.check.topic.Placed;
import io.tessellate.pipeline.check.topic.TaskTopics;
import io.tessellate.pipeline.check.topic.TopicReader;
import io.tessellate.runtime.blob.BlobStore;
import io.tessellate.runtime.kafka.KafkaClients;
import io.tessellate.topic.DeadLetterHeader;
import io.tessellate.topic.Topic;
import io.tessellate.topic.TopicCatalogue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Reads a history from a broker and a blob store, under {@code read_committed}. What follows from something else is read
 * before it, so that a stack that goes on working meanwhile shows no effect without its cause.
 */
public final class HistoryReader implements AutoCloseable {
    private final TopicCatalogue catalogue;
    private final BlobStore blobs;
    private final RecordDecoder decoder;
    private final TopicReader reader;
    private final List<Placed<String>> unreadable = new ArrayList<>();

    /** A reader with a consumer of its own. */
    public HistoryReader(KafkaClients clients, BlobStore blobs) {
        this.catalogue = clients.topics();
        this.blobs = blobs;
        this.decoder = new RecordDecoder(clients.registry());
        this.reader = new TopicReader(clients.rawConsumer("check"));
    }

    /** Everything up to now. The history asks for task topics later on: it is of use until this reader is closed. */
    public History read() {
        unreadable.clear();
        List<Placed<ForgettingRow>> rows = read(catalogue.forgetting());
        List<Placed<EvaluationCompleted>> evaluations = read(catalogue.evaluations());
        List<Placed<LoggedEvent>> registry = read(catalogue.registry(), RegistryEventCodec::fromAvro);
        List<Placed<TrainingEvent>> trainings = read(catalogue.trainings());
        List<Placed<TaskEvent>> tasks = read(catalogue.tasks());
        String letters = catalogue.deadLetters().name();
        Map<Integer, TaskTopics.OffsetSpan> held = reader.partitions(letters);
        return new History(
                registry,
                tasks,
                trainings,
                evaluations,
                rows,
                letters(letters, held),
                held.values().stream().anyMatch(span -> span.from() > 0),
                unreadable,
                blobs,
                new LoggedTopics(reader));
    }

    private <V extends SpecificRecord> List<Placed<V>> read(Topic<V> topic) {
        return read(topic, Function.identity());
    }

    private <V extends SpecificRecord, W> List<Placed<W>> read(Topic<V> topic, Function<V, W> value) {
        Map<Integer, List<Placed<W>>> events = new TreeMap<>();
        reader.read(
                topic.name(),
                reader.partitions(topic.name()),
                record -> decode(topic, value, record)
                        .map(place(record)::with)
                        .ifPresent(event -> of(events, record.partition()).add(event)));
        return events.values().stream().flatMap(List::stream).toList();
    }

    private static <T> List<T> of(Map<Integer, List<T>> byPartition, int partition) {
        return byPartition.computeIfAbsent(partition, number -> new ArrayList<>());
    }

    private static Placed<String> place(ConsumerRecord<byte[], byte[]> record) {
        return new Placed<>(record.topic(), record.partition(), record.offset(), "");
    }

    private <V extends SpecificRecord, W> Optional<W> decode(
            Topic<V> topic, Function<V, W> value, ConsumerRecord<byte[], byte[]> record) {
        try {
            return Optional.of(value.apply(decoder.decode(topic.name(), record.value(), topic.valueType())));
        } catch (TessellateException e) {
            if (e.code() != ErrorCode.UNDECODABLE) {
                throw e;
            }
            unreadable.add(place(record).with(String.valueOf(e.getMessage())));
            return Optional.empty();
        }
    }

    private List<Placed<DeadLetterEntry>> letters(String topic, Map<Integer, TaskTopics.OffsetSpan> held) {
        Map<Integer, List<Placed<DeadLetterEntry>>> letters = new TreeMap<>();
        reader.read(
                topic,
                held,
                record -> letter(record)
                        .ifPresentOrElse(
                                letter -> of(letters, record.partition())
                                        .add(place(record).with(letter)),
                                () -> unreadable.add(place(record).with("no dead letter of ours"))));
        return letters.values().stream().flatMap(List::stream).toList();
    }

    private static Optional<DeadLetterEntry> letter(ConsumerRecord<byte[], byte[]> record) {
        String task = header(record, DeadLetterHeader.TASK);
        String code = header(record, DeadLetterHeader.CODE);
        String topic = header(record, DeadLetterHeader.TOPIC);
        try {
            return Optional.of(new DeadLetterEntry(
                    task,
                    code,
                    topic,
                    Integer.parseInt(header(record, DeadLetterHeader.PARTITION)),
                    Long.parseLong(header(record, DeadLetterHeader.OFFSET))));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static String header(ConsumerRecord<byte[], byte[]> record, DeadLetterHeader header) {
        return header.in(record.headers()).orElse("");
    }

    @Override
    public void close() {
        reader.close();
    }
}
