package io.tessellate.dataset.log;

import io.tessellate.dataset.manifest.ManifestCodec;
import io.tessellate.dataset.record.ExampleReader;
import io.tessellate.event.TaskEvent;
import io.tessellate.event.TaskManifest;
import io.tessellate.event.TaskReady;
import io.tessellate.id.RunId;
import io.tessellate.id.Sha256;
import io.tessellate.id.TaskId;
import java.util.List;
import java.util.Optional;

/** From what ingest says of closed datasets in its topic to ours. */
public final class ClosedDatasetCodec {
    private ClosedDatasetCodec() {}

    /** The dataset that an event calls ready; empty if it says something else. */
    public static Optional<ClosedDataset> fromAvro(TaskEvent event) {
        return Optional.ofNullable(event.getReady())
                .map(ready -> dataset(TaskId.of(event.getModel(), event.getTask()), ready));
    }

    private static ClosedDataset dataset(TaskId task, TaskReady ready) {
        Integer limit = ready.getTextLimit();
        return new ClosedDataset(
                task,
                new RunId(ready.getRunId()),
                ready.getTopic(),
                ranges(ready.getRanges()),
                ManifestCodec.fromAvro(ready.getManifest()),
                counts(ready.getCounts()),
                ready.getTrainExamples(),
                ready.getEvalExamples(),
                new Sha256(ready.getDatasetDigest()),
                limit == null ? ExampleReader.DEFAULT_TEXT_LIMIT : limit);
    }

    private static List<OffsetRange> ranges(List<io.tessellate.event.OffsetRange> avro) {
        return avro.stream()
                .map(range -> new OffsetRange(range.getPartition(), range.getFrom(), range.getTo()))
                .toList();
    }

    private static RecordCounts counts(io.tessellate.event.RecordCounts avro) {
        return new RecordCounts(avro.getRead(), avro.getAccepted(), avro.getDeadLettered(), avro.getDuplicates());
    }

    /**
     * A dataset as topics have it.
     *
     * @param asWritten the manifest that closed it, as its producer wrote it
     */
    public static TaskReady toAvro(ClosedDataset closed, TaskManifest asWritten) {
        return TaskReady.newBuilder()
                .setRunId(closed.run().value())
                .setTopic(closed.topic())
                .setRanges(closed.ranges().stream()
                        .map(range -> new io.tessellate.event.OffsetRange(range.partition(), range.from(), range.to()))
                        .toList())
                .setManifest(asWritten)
                .setCounts(toAvro(closed.counts()))
                .setTrainExamples(closed.trainExamples())
                .setEvalExamples(closed.evalExamples())
                .setDatasetDigest(closed.digest().hex())
                .setTextLimit(closed.textLimit())
                .build();
    }

    /** Counts as topics have them. */
    public static io.tessellate.event.RecordCounts toAvro(RecordCounts counts) {
        return new io.tessellate.event.RecordCounts(
                counts.read(), counts.accepted(), counts.deadLettered(), counts.duplicates());
    }
}
