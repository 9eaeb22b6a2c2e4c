package io.tessellate.predictor.topic;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tessellate.dataset.record.SourceRecordReader;
import io.tessellate.engine.answer.Answer;
import io.tessellate.event.PredictionMade;
import io.tessellate.event.View;
import io.tessellate.id.TaskId;
import io.tessellate.predictor.asking.AskedView;
import io.tessellate.predictor.asking.PredictedView;
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

/** Writes answers, dead letters and offsets in one transaction: whoever reads committed records sees each record's end once. */
final class PredictionLog implements AutoCloseable {
    private static final CloudEvents EVENTS = new CloudEvents("tessellate/predictor");
    /** A dead letter must fit into a producer's request; a larger value stays where it lies, and the letter says so. */
    private static final int LARGEST_LETTER = 900_000;

    private final Producer<String, byte[]> producer;
    private final Topic<PredictionMade> predictions;
    private final String deadLetters;
    private final Serializer<PredictionMade> serializer;
    private final Clock clock;

    PredictionLog(KafkaClients clients, Clock clock) {
        this(
                clients.transactionalBytesProducer(clients.settings().topics().control() + "-predictor-"
                        + clients.settings().instanceId()),
                clients.topics().predictions(),
                clients.topics().deadLetters().name(),
                clients.serdes().serializer(),
                clock);
    }

    PredictionLog(
            Producer<String, byte[]> producer,
            Topic<PredictionMade> predictions,
            String deadLetters,
            Serializer<PredictionMade> serializer,
            Clock clock) {
        this.producer = producer;
        this.predictions = predictions;
        this.deadLetters = deadLetters;
        this.serializer = serializer;
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
        ConsumerRecord<?, ?> source = settled.asked().record();
        PredictionMade.Builder event = PredictionMade.newBuilder()
                .setModel(view.model().value())
                .setTask(view.task().value())
                .setId(settled.asked().id())
                .setView(view.view() == PredictedView.TASK ? View.TASK : View.UNION)
                .setVersion(view.version())
                .setTopic(source.topic())
                .setPartition(source.partition())
                .setOffset(source.offset())
                .setLatencyMillis(settled.millis())
                .setAt(now);
        answered(event, view, answer);
        PredictionMade made = event.build();
        String key = settled.task().toString();
        var headers = new RecordHeaders();
        EVENTS.stamp(headers, made, key, now);
        return new ProducerRecord<>(
                predictions.name(), null, key, serializer.serialize(predictions.name(), made), headers);
    }

    private static void answered(PredictionMade.Builder event, AskedView view, Answer answer) {
        if (answer instanceof Answer.Choice choice) {
            List<String> labels = view.dataset().manifest().labels();
            boolean named = !view.dataset().manifest().ofChoices() && choice.index() < labels.size();
            event.setIndex(choice.index());
            event.setLabel(named ? labels.get(choice.index()) : null);
            event.setProbabilities(choice.probabilities());
        } else if (answer instanceof Answer.Value value) {
            event.setValue(value.value());
        } else if (answer instanceof Answer.Text text) {
            event.setText(text.text());
            event.setEnded(text.ended());
        }
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
