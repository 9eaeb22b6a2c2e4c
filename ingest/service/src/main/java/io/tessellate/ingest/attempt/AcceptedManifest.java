package io.tessellate.ingest.attempt;

import io.tessellate.dataset.record.ExampleReader;
import io.tessellate.dataset.record.RecordDecoder;
import io.tessellate.dataset.record.RecordReader;
import io.tessellate.event.DatasetState;
import io.tessellate.event.FieldMapping;
import io.tessellate.event.Objective;
import io.tessellate.event.TaskManifest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A sound manifest, and the reader that follows it. */
record AcceptedManifest(TaskManifest manifest, RecordReader reader) {
    static AcceptedManifest of(TaskManifest manifest, RecordDecoder decoder, int textLimit) {
        return new AcceptedManifest(manifest, new RecordReader(decoder, new ExampleReader(manifest, textLimit)));
    }

    /** The part of a manifest that decides what becomes of a single record. */
    private record Judging(
            Objective objective,
            List<String> labels,
            @Nullable FieldMapping fields,
            @Nullable Double evalShare) {
        static Judging of(TaskManifest manifest) {
            return new Judging(
                    manifest.getObjective(), manifest.getLabels(), manifest.getFields(), manifest.getEvalShare());
        }
    }

    /** Whether another manifest would have judged every record alike. */
    boolean judgesLike(TaskManifest other) {
        return Judging.of(manifest).equals(Judging.of(other));
    }

    /** Whether another manifest says the same, closed or not. */
    boolean saysTheSameAs(TaskManifest other) {
        return closed(manifest).equals(closed(other));
    }

    boolean closes() {
        return manifest.getState() == DatasetState.CLOSED;
    }

    /** Records that were announced; null where none were. */
    @Nullable
    Long expected() {
        return manifest.getExpectedRecords();
    }

    private static TaskManifest closed(TaskManifest manifest) {
        return TaskManifest.newBuilder(manifest).setState(DatasetState.CLOSED).build();
    }
}
