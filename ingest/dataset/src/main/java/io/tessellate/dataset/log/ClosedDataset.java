package io.tessellate.dataset.log;

import io.tessellate.dataset.manifest.Manifest;
import io.tessellate.id.RunId;
import io.tessellate.id.Sha256;
import io.tessellate.id.TaskId;
import java.util.List;

/**
 * A closed and sound dataset, ready to be trained on. What comes from a topic is read by {@link ClosedDatasetCodec}.
 *
 * @param task the task it belongs to
 * @param run the training run that follows from it
 * @param topic where its records lie
 * @param ranges where in the topic: read again by the manifest they give the same examples
 * @param manifest the one that closed it
 * @param counts what became of its records
 * @param trainExamples accepted examples to train on
 * @param evalExamples accepted examples to measure with
 * @param digest content of the accepted examples, whatever their order
 * @param textLimit longest text that was accepted, in characters
 */
public record ClosedDataset(
        TaskId task,
        RunId run,
        String topic,
        List<OffsetRange> ranges,
        Manifest manifest,
        RecordCounts counts,
        long trainExamples,
        long evalExamples,
        Sha256 digest,
        int textLimit) {
    public ClosedDataset {
        ranges = List.copyOf(ranges);
    }
}
