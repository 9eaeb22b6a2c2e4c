package io.tessellate.evaluator.scoring;

import static java.util.stream.Collectors.toMap;

import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.model.files.BaseModel;
import io.tessellate.engine.version.SharedBases;
import io.tessellate.id.ModelName;
import io.tessellate.lineage.ModelLine;
import io.tessellate.lineage.log.StoredFile;
import io.tessellate.runtime.blob.BlobFolder;
import io.tessellate.runtime.blob.BlobStore;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The models scored last, in memory; those not used for longest make room. */
final class LiveModels implements AutoCloseable {
    private static final int KEPT = 2;

    private final BlobStore blobs;
    private final BlobFolder bases;
    private final SharedBases shared;
    private final Backend backend;
    private final Map<ModelName, LiveModel> kept = new LinkedHashMap<>(16, 0.75f, true);

    /** No models; {@code shared} with all parts of the process that compute. */
    LiveModels(BlobStore blobs, Path bases, SharedBases shared, Backend backend) {
        this.blobs = blobs;
        this.bases = new BlobFolder(blobs, bases);
        this.shared = shared;
        this.backend = backend;
    }

    /** The model with exactly the adapters of a version. */
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

    /** The same, loaded again whatever is in memory. */
    LiveModel anew(ModelLine line, int version) {
        drop(line.name());
        return at(line, version);
    }

    private LiveModel load(ModelLine line) {
        List<ModelName> leaving = kept.keySet().stream()
                .limit(Math.max(0, kept.size() - KEPT + 1))
                .toList();
        leaving.forEach(this::drop);
        Path directory = bases.lay(line.files().stream().collect(toMap(StoredFile::name, StoredFile::sha256)));
        BaseModel base = BaseModel.load(directory);
        LiveModel live = new LiveModel(base, shared.take(line.baseDigest(), base, backend), blobs, backend);
        kept.put(line.name(), live);
        return live;
    }

    private void drop(ModelName model) {
        LiveModel live = kept.remove(model);
        if (live != null) {
            live.close();
        }
    }

    @Override
    public void close() {
        List.copyOf(kept.keySet()).forEach(this::drop);
    }
}
