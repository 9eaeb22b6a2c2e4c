package io.tessellate.evaluator.scoring;

import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.metric.Score;
import io.tessellate.engine.model.files.BaseModel;
import io.tessellate.engine.model.head.Head;
import io.tessellate.engine.model.weights.Weights;
import io.tessellate.engine.objective.TaskScorer;
import io.tessellate.engine.version.Views;
import io.tessellate.lineage.ModelLine;
import io.tessellate.lineage.log.StoredFile;
import io.tessellate.mask.adapter.AdapterFile;
import io.tessellate.runtime.blob.BlobStore;
import java.util.List;

/** A model in memory: one copy of its weights that goes from view to view. Grows with the versions, never back. */
final class LiveModel implements AutoCloseable {
    private final BaseModel base;
    private final BlobStore blobs;
    private final TaskScorer scorer;
    private final Views views;

    /**
     * The base alone.
     *
     * @param weights its weights, which are taken over
     */
    LiveModel(BaseModel base, Weights weights, BlobStore blobs, Backend backend) {
        this.base = base;
        this.blobs = blobs;
        this.scorer = new TaskScorer(backend, base);
        this.views = new Views(weights, List.of());
    }

    BaseModel base() {
        return base;
    }

    /** Scores a task by its own head, or by the model's own where it has none. */
    Score score(Weights weights, Head head, EvalSet set) {
        return scorer.score(weights, head, set.objective(), set.measure(), set.examples());
    }

    Views views() {
        return views;
    }

    /** Whether it can become that version: it holds none of the later adapters. */
    boolean mayBecome(int version) {
        return views.adapters().size() <= version;
    }

    /** Takes the adapters it lacks. */
    void become(ModelLine line, int version) {
        for (StoredFile adapter :
                line.adaptersUpTo(version).subList(views.adapters().size(), version)) {
            views.commit(AdapterFile.read(blobs.fetch(adapter.sha256())));
        }
    }

    @Override
    public void close() {
        views.close();
        scorer.close();
    }
}
