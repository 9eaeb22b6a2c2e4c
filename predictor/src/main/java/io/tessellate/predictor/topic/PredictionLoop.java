package io.tessellate.predictor.topic;

import io.tessellate.predictor.asking.Reply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** Records of predict topics, put to their tasks together; one that cannot be answered is put aside. */
final class PredictionLoop extends TopicLoop {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final RecordQuestions questions;

    PredictionLoop(Consumer<byte[], byte[]> consumer, Pattern pattern, RecordQuestions questions, PredictionLog log) {
        super(consumer, pattern, log);
        this.questions = questions;
    }

    @Override
    void settle(ConsumerRecords<byte[], byte[]> records) {
        long read = System.nanoTime();
        Map<TopicPartition, List<AskedRecord>> asked = new HashMap<>();
        for (TopicPartition partition : records.partitions()) {
            asked.put(
                    partition,
                    records.records(partition).stream().map(questions::ask).toList());
        }
        List<PredictionLog.Settled> settled = new ArrayList<>();
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        Map<TopicPartition, HeldPartitions.Held> waiting = new HashMap<>();
        asked.forEach((partition, all) -> {
            for (AskedRecord one : all) {
                Reply reply = Reply.within(one.reply(), read, PATIENCE);
                HeldPartitions.Held hold =
                        reply instanceof Reply.Refused refused ? held().hold(partition, one.record(), refused) : null;
                if (hold != null) {
                    waiting.put(partition, hold);
                    break;
                }
                double millis = (System.nanoTime() - read) / 1e6;
                settled.add(new PredictionLog.Settled(questions.task(one.record()), one, reply, millis));
                offsets.put(partition, new OffsetAndMetadata(one.record().offset() + 1));
            }
        });
        if (!settled.isEmpty()) {
            log().publish(settled, offsets, consumer().groupMetadata());
        }
        held().settle(offsets.keySet(), waiting);
    }
}
