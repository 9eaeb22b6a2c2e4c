package io.tessellate.ingest.attempt;

import io.tessellate.dataset.manifest.Manifest;
import io.tessellate.dataset.manifest.ManifestCodec;
import io.tessellate.dataset.record.ExampleReader;
import io.tessellate.dataset.record.RecordDecoder;
import io.tessellate.dataset.record.SourceRecordReader;
import io.tessellate.event.DatasetState;
import io.tessellate.event.FieldMapping;
import io.tessellate.event.Objective;
import io.tessellate.event.TaskManifest;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A sound manifest.
 *
 * @param asWritten as its producer wrote it: what is published again, and what another one is compared with
 * @param manifest what it means
 * @param reader of records, by it
 */
record AcceptedManifest(TaskManifest asWritten, Manifest manifest, SourceRecordReader reader) {
    /** What accepts manifests, by a decoder of their records and the longest text. */
    static Function<TaskManifest, AcceptedManifest> by(RecordDecoder decoder, int textLimit) {
        return asWritten -> of(asWritten, decoder, textLimit);
    }

    static AcceptedManifest of(TaskManifest asWritten, RecordDecoder decoder, int textLimit) {
        Manifest manifest = ManifestCodec.fromAvro(asWritten);
        SourceRecordReader reader = new SourceRecordReader(decoder, new ExampleReader(manifest, textLimit));
        return new AcceptedManifest(asWritten, manifest, reader);
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
    boolean judgesLike(AcceptedManifest other) {
        return Judging.of(asWritten).equals(Judging.of(other.asWritten));
    }

    /** Whether another manifest says the same, closed or not. */
    boolean saysTheSameAs(AcceptedManifest other) {
        return closed(asWritten).equals(closed(other.asWritten));
    }

    boolean closes() {
        return manifest.closed();
    }

    /** Records that were announced; null where none were. */
    @Nullable
    Long expected() {
        return manifest.expectedRecords();
    }

    private static TaskManifest closed(TaskManifest manifest) {
        return TaskManifest.newBuilder(manifest).setState(DatasetState.CLOSED).build();
    }
}
