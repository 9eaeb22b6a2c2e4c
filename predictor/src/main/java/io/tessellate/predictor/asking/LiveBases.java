package io.tessellate.predictor.asking;

import static java.util.stream.Collectors.toMap;

import io.tessellate.dataset.Question;
import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.model.files.BaseModel;
import io.tessellate.engine.plan.MemoryBudget;
import io.tessellate.engine.version.ProcessEngine;
import io.tessellate.error.StoppedException;
import io.tessellate.error.TessellateException;
import io.tessellate.id.Sha256;
import io.tessellate.lineage.log.StoredFile;
import io.tessellate.runtime.blob.BlobFolder;
import io.tessellate.runtime.blob.BlobStore;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The bases asked last, in memory; those not asked for longest make room. For one thread at a time. */
final class LiveBases implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LiveBases.class);
    private static final int KEPT = 2;

    private final BlobStore blobs;
    private final BlobFolder folder;
    private final ProcessEngine engine;
    private final Map<Sha256, LiveBase> kept = new LinkedHashMap<>(16, 0.75f, true);

    /**
     * None yet.
     *
     * @param bases where their files are laid
     * @param engine shared with all parts of the process that compute
     */
    LiveBases(BlobStore blobs, Path bases, ProcessEngine engine) {
        this.blobs = blobs;
        this.folder = new BlobFolder(blobs, bases);
        this.engine = engine;
    }

    /**
     * Answers questions of one view. After a failure that nobody foresaw the base is loaded anew with the next, for its weights may
     * be halfway between two views; questions that shared such a failure are asked once more one by one.
     */
    List<Reply> answer(AskedView view, List<Question> questions) {
        try {
            return at(view).answer(view, questions);
        } catch (StoppedException e) {
            throw e;
        } catch (TessellateException e) {
            return questions.stream().<Reply>map(one -> Reply.Refused.of(e)).toList();
        } catch (RuntimeException | Error e) {
            drop(view.base());
            LOG.error("{} questions to {}/{} cannot be answered", questions.size(), view.model(), view.task(), e);
            return questions.size() == 1
                    ? List.of(Reply.Refused.of(e))
                    : questions.stream()
                            .flatMap(one -> answer(view, List.of(one)).stream())
                            .toList();
        }
    }

    private LiveBase at(AskedView view) {
        LiveBase known = kept.get(view.base());
        return known == null ? load(view) : known;
    }

    private LiveBase load(AskedView view) {
        kept.keySet().stream()
                .limit(Math.max(0, kept.size() - KEPT + 1))
                .toList()
                .forEach(this::drop);
        Path directory = folder.lay(view.files().stream().collect(toMap(StoredFile::name, StoredFile::sha256)));
        BaseModel base = BaseModel.load(directory);
        Backend backend = engine.open();
        LiveBase live;
        try (MemoryBudget.Admission admitted =
                engine.budget().admitBrief(LiveBase.NAME, backend, LiveBase.least(base, backend), 0)) {
            live = new LiveBase(base, engine.bases().take(view.base(), base, backend), blobs, backend, engine.budget());
        }
        kept.put(view.base(), live);
        LOG.info("the base of {} answers from memory", view.model());
        return live;
    }

    private void drop(Sha256 base) {
        LiveBase live = kept.remove(base);
        if (live != null) {
            live.close();
        }
    }

    @Override
    public void close() {
        List.copyOf(kept.keySet()).forEach(this::drop);
    }
}
