package io.tessellate.evaluator.scoring;

import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.metric.Score;
import io.tessellate.engine.model.files.BaseModel;
import io.tessellate.engine.model.head.Head;
import io.tessellate.engine.model.weights.Weights;
import io.tessellate.engine.objective.TaskScorer;
import io.tessellate.engine.plan.BackendMemory;
import io.tessellate.engine.plan.MemoryPlan;
import io.tessellate.engine.plan.PlannedModel;
import io.tessellate.engine.version.Views;
import io.tessellate.id.Sha256;
import io.tessellate.lineage.CommittedVersion;
import io.tessellate.lineage.Holding;
import io.tessellate.lineage.ModelLine;
import io.tessellate.lineage.log.StoredFile;
import io.tessellate.mask.adapter.Adapter;
import io.tessellate.mask.adapter.AdapterFile;
import io.tessellate.mask.adapter.Certificate;
import io.tessellate.runtime.blob.BlobStore;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A model in memory: one copy of its weights that goes from view to view, of whatever version. Each adapter is read once. */
final class LiveModel implements AutoCloseable {
    private final BaseModel base;
    private final BlobStore blobs;
    private final Backend backend;
    private final TaskScorer scorer;
    private final long before;
    private final Views views;
    private final Map<Sha256, Adapter> adapters = new HashMap<>();
    /** Of the version it has become; computed again for every other. */
    private final Map<Sha256, Sha256> digests = new HashMap<>();

    private int version;

    /**
     * The base alone.
     *
     * @param weights its weights, which are taken over
     */
    LiveModel(BaseModel base, Weights weights, BlobStore blobs, Backend backend) {
        this.base = base;
        this.blobs = blobs;
        this.backend = backend;
        this.scorer = new TaskScorer(backend, base);
        this.before = backend.memory().allocatedBytes() - base.weightBytes().vectors();
        this.views = new Views(weights, List.of());
    }

    BaseModel base() {
        return base;
    }

    /** What scoring a split takes of memory, the weights included. */
    MemoryPlan plan(EvalSet set) {
        PlannedModel model = PlannedModel.scored(base.config(), base.layout(), base.weightBytes());
        return set.plan(model, BackendMemory.of(backend));
    }

    /** Bytes of that which it has taken so far. */
    long taken() {
        long weights = base.weightBytes().vectors();
        return Math.max(weights, backend.memory().allocatedBytes() - before);
    }

    /** Scores a task by its own head, or by the model's own where it has none. */
    Score score(Weights weights, Head head, EvalSet set) {
        return scorer.score(weights, head, set.objective(), set.measure(), set.examples());
    }

    /** The weights with exactly the adapters of a holding; they change with the next call. */
    Weights with(Holding holding) {
        return views.with(holding.files().stream().map(this::adapter).toList());
    }

    /** The weights with exactly these adapters, each known by its object; they change with the next call. */
    Weights with(List<Adapter> wanted) {
        return views.with(wanted);
    }

    /** The head that an adapter brings, or none. */
    Head head(CommittedVersion commit) {
        return Views.headOf(adapter(commit.adapter()));
    }

    /** Reads what a version holds and forgets what neither it nor the task views of its tasks are made of; nothing if it is that one. */
    void become(ModelLine line, int number) {
        if (version == number) {
            return;
        }
        Holding holding = line.holding(number);
        views.with(List.of());
        digests.clear();
        Set<Sha256> used = new HashSet<>();
        holding.files().forEach(file -> used.add(file.sha256()));
        holding.commits().forEach(commit -> line.taskView(commit).files().forEach(file -> used.add(file.sha256())));
        adapters.keySet().retainAll(used);
        with(holding);
        version = number;
    }

    /**
     * Digest of the weights that an adapter owns, if they and everything below them in its task view are what was certified when they were
     * committed. Where nothing is certified, that its files are what the log says is all there is.
     */
    Optional<Sha256> proven(ModelLine line, CommittedVersion commit) {
        boolean all = line.taskView(commit).commits().stream().allMatch(this::isAsCommitted);
        return all ? Optional.of(digest(commit)) : Optional.empty();
    }

    private boolean isAsCommitted(CommittedVersion commit) {
        return commit.certified(commit.task().task())
                .map(then -> then.sha256().equals(digest(commit)))
                .orElse(true);
    }

    private Sha256 digest(CommittedVersion commit) {
        return digests.computeIfAbsent(commit.adapter().sha256(), file -> Certificate.of(adapter(commit.adapter())));
    }

    Adapter adapter(StoredFile file) {
        return adapters.computeIfAbsent(file.sha256(), digest -> AdapterFile.read(blobs.fetch(digest)));
    }

    @Override
    public void close() {
        views.close();
        scorer.close();
    }
}
