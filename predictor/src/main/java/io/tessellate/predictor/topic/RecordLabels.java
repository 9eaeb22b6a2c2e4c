package io.tessellate.predictor.topic;

import io.tessellate.dataset.log.ClosedDataset;
import io.tessellate.dataset.record.RecordDecoder;
import io.tessellate.dataset.record.ReturnedLabel;
import io.tessellate.dataset.record.ReturnedLabelReader;
import io.tessellate.dataset.record.SourceRecordReader;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.RetriableException;
import io.tessellate.error.TessellateException;
import io.tessellate.id.TaskId;
import io.tessellate.lineage.CommittedVersion;
import io.tessellate.lineage.ModelLine;
import io.tessellate.predictor.asking.Reply;
import io.tessellate.registry.client.SharedLogs;
import io.tessellate.topic.TopicNames;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Reads labels that come back, by the manifest of the dataset that the task was last committed with: what was right is called there as
 * it was when the task learnt it. For one thread.
 */
final class RecordLabels {
    private final SharedLogs logs;
    private final RecordDecoder decoder;
    private final Pattern pattern;

    RecordLabels(SharedLogs logs, RecordDecoder decoder, Pattern pattern) {
        this.logs = logs;
        this.decoder = decoder;
        this.pattern = pattern;
    }

    /** The label of a record, or why there is none. */
    PredictionLog.ReadLabel read(ConsumerRecord<byte[], byte[]> record) {
        TaskId task = TopicNames.taskOf(pattern, record.topic())
                .orElseThrow(() -> new IllegalStateException("no labels topic: " + record.topic()));
        try {
            long size = SourceRecordReader.size(record.key(), record.value(), record.headers());
            if (size > SourceRecordReader.LARGEST_BYTES) {
                throw new TessellateException(ErrorCode.RECORD_TOO_LARGE, SourceRecordReader.tooLarge(size));
            }
            ClosedDataset dataset = dataset(task);
            return new PredictionLog.ReadLabel(
                    task,
                    record,
                    label(dataset, record),
                    dataset.manifest().metric().label(),
                    null);
        } catch (RuntimeException e) {
            return new PredictionLog.ReadLabel(task, record, null, null, Reply.Refused.of(e));
        }
    }

    private ReturnedLabel label(ClosedDataset dataset, ConsumerRecord<byte[], byte[]> record) {
        ReturnedLabelReader reader = new ReturnedLabelReader(dataset.manifest(), dataset.textLimit());
        return JsonRecord.fields(record.value())
                .map(reader::read)
                .orElseGet(() -> reader.read(decoder.decode(record.topic(), record.value())));
    }

    private ClosedDataset dataset(TaskId task) {
        ModelLine line = logs.registry().lineage().require(task.model());
        CommittedVersion own = line.versionOf(task.task())
                .orElseThrow(() -> new TessellateException(
                        ErrorCode.UNKNOWN_TASK,
                        "model %s has learnt no task '%s'; it has %s"
                                .formatted(
                                        line.name(), task.task(), line.holding().taskNames())));
        return logs.datasets()
                .datasets()
                .find(task, own.datasetDigest())
                .orElseThrow(() -> new RetriableException(
                        ErrorCode.NOT_READY, "the dataset of %s is not read yet".formatted(task)));
    }
}
