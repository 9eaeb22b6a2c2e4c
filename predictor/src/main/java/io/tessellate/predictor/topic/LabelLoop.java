package io.tessellate.predictor.topic;

import io.tessellate.predictor.asking.Reply;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** Records of labels topics, read by the rules of their tasks; one that is no label is put aside. */
final class LabelLoop extends TopicLoop {
    private final RecordLabels labels;

    LabelLoop(Consumer<byte[], byte[]> consumer, Pattern pattern, RecordLabels labels, PredictionLog log) {
        super(consumer, pattern, log);
        this.labels = labels;
    }

    @Override
    void settle(ConsumerRecords<byte[], byte[]> records) {
        List<PredictionLog.ReadLabel> read = new ArrayList<>();
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        Map<TopicPartition, HeldPartitions.Held> waiting = new HashMap<>();
        for (TopicPartition partition : records.partitions()) {
            for (ConsumerRecord<byte[], byte[]> record : records.records(partition)) {
                PredictionLog.ReadLabel label = labels.read(record);
                Reply.Refused refused = label.refused();
                HeldPartitions.Held hold = refused == null ? null : held().hold(partition, record, refused);
                if (hold != null) {
                    waiting.put(partition, hold);
                    break;
                }
                read.add(label);
                offsets.put(partition, new OffsetAndMetadata(record.offset() + 1));
            }
        }
        if (!read.isEmpty()) {
            log().publishLabels(read, offsets, consumer().groupMetadata());
        }
        held().settle(offsets.keySet(), waiting);
    }
}
