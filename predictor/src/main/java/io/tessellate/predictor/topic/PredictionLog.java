package io.tessellate.predictor.topic;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tessellate.dataset.record.ReturnedLabel;
import io.tessellate.dataset.record.SourceRecordReader;
import io.tessellate.engine.answer.Answer;
import io.tessellate.event.LabelReturned;
import io.tessellate.event.PredictionMade;
import io.tessellate.id.TaskId;
import io.tessellate.predictor.asking.AskedView;
import io.tessellate.predictor.asking.Reply;
import io.tessellate.runtime.kafka.KafkaClients;
import io.tessellate.runtime.kafka.work.Consumed;
import io.tessellate.topic.CloudEvents;
import io.tessellate.topic.DeadLetterHeader;
import io.tessellate.topic.Topic;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * Writes what became of records, answers, labels or dead letters, and their offsets in one transaction: whoever reads committed records
 * sees each record's end once.
 */
final class PredictionLog implements AutoCloseable {
    private static final CloudEvents EVENTS = new CloudEvents("tessellate/predictor");
    /** A dead letter must fit into a producer's request; a larger value stays where it lies, and the letter says so. */
    private static final int LARGEST_LETTER = 900_000;

    private final Producer<String, byte[]> producer;
    private final Topic<PredictionMade> predictions;
    private final Topic<LabelReturned> labels;
    private final String deadLetters;
    private final Serializer<SpecificRecord> serializer;
    private final Clock clock;

    /**
     * A log of one kind of records.
     *
     * @param what what kind, which is a part of the producer's name
     */
    PredictionLog(KafkaClients clients, String what, Clock clock) {
        this.producer = clients.transactionalBytesProducer("%s-%s-%s"
                .formatted(
                        clients.settings().topics().control(),
                        what,
                        clients.settings().instanceId()));
        this.predictions = clients.topics().predictions();
        this.labels = clients.topics().labels();
        this.deadLetters = clients.topics().deadLetters().name();
        this.serializer = clients.serdes().serializer();
        this.clock = clock;
    }

    /**
     * A record with what became of it.
     *
     * @param millis from when it was read to when the reply was there
     */
    record Settled(TaskId task, AskedRecord asked, Reply reply, double millis) {}

    /** Publishes what became of records, with the offsets behind them. */
    void publish(List<Settled> settled, Map<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata group) {
        List<ProducerRecord<String, byte[]>> records =
                settled.stream().map(this::record).toList();
        Consumed.transaction(producer, () -> {
            records.forEach(producer::send);
            producer.sendOffsetsToTransaction(offsets, group);
        });
    }

    /**
     * A record of a labels topic with what became of it.
     *
     * @param label what it says; null where that could not be found out
     * @param refused why; null where there is a label
     */
    record ReadLabel(
            TaskId task,
            ConsumerRecord<byte[], byte[]> record,
            @Nullable ReturnedLabel label,
            @Nullable String metric,
            Reply.@Nullable Refused refused) {}

    /** Publishes the labels that were read, with the offsets behind them. */
    void publishLabels(
            List<ReadLabel> read, Map<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata group) {
        List<ProducerRecord<String, byte[]>> records =
                read.stream().map(this::record).toList();
        Consumed.transaction(producer, () -> {
            records.forEach(producer::send);
            producer.sendOffsetsToTransaction(offsets, group);
        });
    }

    private ProducerRecord<String, byte[]> record(ReadLabel read) {
        ReturnedLabel label = read.label();
        String metric = read.metric();
        if (label == null || metric == null) {
            Reply.Refused refused = read.refused();
            return letter(
                    read.task(),
                    read.record(),
                    refused == null ? Reply.Refused.of(new IllegalStateException("read by nobody")) : refused);
        }
        Instant now = Instant.ofEpochMilli(clock.millis());
        LabelReturned event = LabelReturned.newBuilder()
                .setModel(read.task().model().value())
                .setTask(read.task().task().value())
                .setId(label.id())
                .setMetric(metric)
                .setIndex(label.index())
                .setLabel(label.name())
                .setValue(label.value())
                .setText(label.text())
                .setTopic(read.record().topic())
                .setPartition(read.record().partition())
                .setOffset(read.record().offset())
                .setAt(now)
                .build();
        return stamped(labels.name(), event, read.task().toString(), now);
    }

    private ProducerRecord<String, byte[]> stamped(String topic, SpecificRecord event, String key, Instant at) {
        var headers = new RecordHeaders();
        EVENTS.stamp(headers, event, key, at);
        return new ProducerRecord<>(topic, null, key, serializer.serialize(topic, event), headers);
    }

    private ProducerRecord<String, byte[]> record(Settled settled) {
        AskedView view = settled.asked().view();
        if (settled.reply() instanceof Reply.Answered answered && view != null) {
            return prediction(settled, view, answered.answer());
        }
        Reply.Refused refused = settled.reply() instanceof Reply.Refused no
                ? no
                : Reply.Refused.of(new IllegalStateException("answered by nobody"));
        return letter(settled.task(), settled.asked().record(), refused);
    }

    private ProducerRecord<String, byte[]> prediction(Settled settled, AskedView view, Answer answer) {
        Instant now = Instant.ofEpochMilli(clock.millis());
        ConsumerRecord<?, ?> record = settled.asked().record();
        var source = new PredictionEvents.Source(record.topic(), record.partition(), record.offset());
        PredictionMade event = PredictionEvents.of(view, settled.asked().id(), answer, source, settled.millis(), now);
        return stamped(predictions.name(), event, settled.task().toString(), now);
    }

    private ProducerRecord<String, byte[]> letter(
            TaskId task, ConsumerRecord<byte[], byte[]> record, Reply.Refused refused) {
        long size = SourceRecordReader.size(record.key(), record.value(), record.headers());
        boolean small = size <= LARGEST_LETTER;
        Headers headers = new RecordHeaders();
        if (small) {
            record.headers().forEach(headers::add);
        } else {
            put(headers, DeadLetterHeader.DROPPED, "all of it; the record had %d bytes".formatted(size));
        }
        put(headers, DeadLetterHeader.CODE, refused.code().name());
        put(headers, DeadLetterHeader.REASON, SourceRecordReader.shortened(refused.reason()));
        put(headers, DeadLetterHeader.TASK, task.toString());
        put(headers, DeadLetterHeader.TOPIC, record.topic());
        put(headers, DeadLetterHeader.PARTITION, Integer.toString(record.partition()));
        put(headers, DeadLetterHeader.OFFSET, Long.toString(record.offset()));
        put(headers, DeadLetterHeader.TIMESTAMP, Long.toString(record.timestamp()));
        byte @Nullable [] key = small ? record.key() : null;
        headers.remove(DeadLetterHeader.KEY.key());
        headers.add(DeadLetterHeader.KEY.key(), key);
        return new ProducerRecord<>(deadLetters, null, task.toString(), small ? record.value() : null, headers);
    }

    private static void put(Headers headers, DeadLetterHeader header, String value) {
        headers.remove(header.key());
        headers.add(header.key(), value.getBytes(UTF_8));
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(5));
    }
}
