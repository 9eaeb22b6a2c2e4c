package io.tessellate.predictor.asking;

import io.tessellate.dataset.log.ClosedDataset;
import io.tessellate.id.ModelName;
import io.tessellate.id.Sha256;
import io.tessellate.id.TaskName;
import io.tessellate.lineage.log.StoredFile;
import java.util.List;

/**
 * A view of a task at a version, down to the files: what it answers follows from them and from the question, and from nothing that
 * happens later.
 *
 * @param model the model
 * @param task the task whose head answers
 * @param view which adapters are applied
 * @param version the version asked for
 * @param base SHA-256 of the base's weight file
 * @param files of the base
 * @param adapters that are applied, in their order
 * @param own the task's adapter, which has its head
 * @param dataset what the task was trained on, with its manifest
 * @param recipe the task's, as canonical JSON
 */
public record AskedView(
        ModelName model,
        TaskName task,
        PredictedView view,
        int version,
        Sha256 base,
        List<StoredFile> files,
        List<StoredFile> adapters,
        StoredFile own,
        ClosedDataset dataset,
        String recipe) {
    /** Copies the lists. */
    public AskedView {
        files = List.copyOf(files);
        adapters = List.copyOf(adapters);
    }

    /** What questions share that may go through the model together. */
    record Key(Sha256 base, Sha256 own, List<Sha256> adapters) {}

    Key key() {
        return new Key(
                base, own.sha256(), adapters.stream().map(StoredFile::sha256).toList());
    }
}
