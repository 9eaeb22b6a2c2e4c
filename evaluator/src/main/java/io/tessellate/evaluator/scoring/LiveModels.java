package io.tessellate.evaluator.scoring;

import static java.util.stream.Collectors.toMap;

import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.model.files.BaseModel;
import io.tessellate.engine.plan.MemoryBudget;
import io.tessellate.engine.plan.MemoryLimits;
import io.tessellate.engine.plan.MemoryPlan;
import io.tessellate.engine.plan.PhaseMemory;
import io.tessellate.engine.plan.PlannedPhase;
import io.tessellate.engine.version.ProcessEngine;
import io.tessellate.id.ModelName;
import io.tessellate.lineage.ModelLine;
import io.tessellate.lineage.log.StoredFile;
import io.tessellate.runtime.blob.BlobFolder;
import io.tessellate.runtime.blob.BlobStore;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;

/** The models scored last, in memory; those not used for longest make room. */
final class LiveModels implements AutoCloseable {
    private static final int KEPT = 2;

    private final BlobStore blobs;
    private final BlobFolder bases;
    private final ProcessEngine shared;
    private final Backend backend;
    /** Held by who uses the models. */
    private final Semaphore use = new Semaphore(1);

    private final Runnable letGo = this::letGo;
    private final Map<ModelName, LiveModel> kept = new LinkedHashMap<>(16, 0.75f, true);

    /** No models; {@code shared} with all parts of the process that compute. */
    LiveModels(BlobStore blobs, Path bases, ProcessEngine shared) {
        this.blobs = blobs;
        this.bases = new BlobFolder(blobs, bases);
        this.shared = shared;
        this.backend = shared.open();
        shared.budget().lendsTo(letGo);
    }

    /** Until it is given back nothing here is closed because somebody else needs the memory. */
    void inUse() {
        use.acquireUninterruptibly();
    }

    /** Nobody uses the models at the moment. */
    void givenBack() {
        use.release();
    }

    private void letGo() {
        if (use.tryAcquire()) {
            try {
                dropAll();
            } finally {
                use.release();
            }
        }
    }

    /** Lets scoring of some splits begin, or has it wait: the largest of those that can be scored at all counts. */
    MemoryBudget.Admission admit(String name, LiveModel live, List<EvalSet> sets) {
        MemoryLimits limits = shared.budget().limits(backend);
        List<MemoryPlan> plans = sets.stream()
                .map(live::plan)
                .filter(plan -> limits.lack(plan).isEmpty())
                .toList();
        MemoryPlan most = plans.stream()
                .max(Comparator.comparingLong(plan -> plan.peak(true).all()))
                .orElseGet(() -> new MemoryPlan(List.of(new PhaseMemory(PlannedPhase.SCORE, Map.of())), 0, 0));
        return shared.budget().admitBrief(name, backend, most, live.taken());
    }

    /** Refuses to score a split for which there is never enough memory. */
    void requireRoom(String name, LiveModel live, EvalSet set) {
        shared.budget().requireRoom(name, backend, live.plan(set));
    }

    /** The model, ready for what makes a version and the task views of its tasks. */
    LiveModel at(ModelLine line, int version) {
        LiveModel known = kept.get(line.name());
        LiveModel live = known == null ? load(line) : known;
        try {
            live.become(line, version);
        } catch (RuntimeException | Error e) {
            drop(line.name());
            throw e;
        }
        return live;
    }

    /** What is in memory of a model is not relied on any more: it is loaded again when it is asked for. */
    void doubt(ModelLine line) {
        drop(line.name());
    }

    private LiveModel load(ModelLine line) {
        List<ModelName> leaving = kept.keySet().stream()
                .limit(Math.max(0, kept.size() - KEPT + 1))
                .toList();
        leaving.forEach(this::drop);
        Path directory = bases.lay(line.files().stream().collect(toMap(StoredFile::name, StoredFile::sha256)));
        BaseModel base = BaseModel.load(directory);
        LiveModel live = new LiveModel(base, shared.bases().take(line.baseDigest(), base, backend), blobs, backend);
        kept.put(line.name(), live);
        return live;
    }

    private void drop(ModelName model) {
        LiveModel live = kept.remove(model);
        if (live != null) {
            live.close();
        }
    }

    private void dropAll() {
        List.copyOf(kept.keySet()).forEach(this::drop);
    }

    @Override
    public void close() {
        shared.budget().lendsNoMore(letGo);
        dropAll();
    }
}
