package io.tessellate.pipeline.check;

import io.tessellate.error.DamagedFileException;
import io.tessellate.error.TessellateException;
import io.tessellate.id.Sha256;
import io.tessellate.lineage.log.CertifiedTask;
import io.tessellate.lineage.log.RegistryEvent.ModelRegistered;
import io.tessellate.lineage.log.StoredFile;
import io.tessellate.mask.adapter.Adapter;
import io.tessellate.mask.adapter.Certificate;
import io.tessellate.mask.adapter.VersionDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Promise 2. Every file is read and held against its digest; the adapters are laid on each other in the order of the log, and
 * no value that a task owns may change; every certificate is computed anew.
 */
final class OwnedValuesStay implements Promise {
    @Override
    public int number() {
        return 2;
    }

    @Override
    public String says() {
        return "what is owned does not move";
    }

    @Override
    public PromiseVerdict examine(History history) {
        Findings findings = new Findings();
        Count count = new Count();
        for (ModelHistory model : history.models()) {
            model.registered().ifPresent(base -> examine(model, base, history, findings, count));
        }
        return findings.verdict(
                this,
                "%d files, %,d owned values, %d certificates".formatted(count.files, count.values, count.certificates));
    }

    private static final class Count {
        private int files;
        private long values;
        private int certificates;
    }

    private void examine(ModelHistory model, ModelRegistered base, History history, Findings findings, Count count) {
        for (StoredFile file : base.files()) {
            count.files++;
            baseFile(model, file, history, findings);
        }
        Map<Commit, Adapter> adapters = new LinkedHashMap<>();
        Map<Commit, TessellateException> unreadable = new HashMap<>();
        OwnedValues values = values(model, history, adapters, unreadable);
        Map<String, CertifiedTask> own = new LinkedHashMap<>();
        List<VersionDigest> line = new ArrayList<>(List.of(VersionDigest.base(base.baseDigest())));
        for (Commit commit : model.commits()) {
            count.files++;
            Adapter adapter = adapters.get(commit);
            if (adapter == null) {
                findings.broken(unreadable(commit, unreadable.get(commit), model.excuse()));
            } else {
                origin(commit, adapter, base, line, findings);
            }
            line.add(line.get(line.size() - 1).then(new Sha256(commit.adapter())));
            if (model.exclusive()) {
                if (adapter != null) {
                    values.moved(commit).forEach(findings::broken);
                    certificate(commit, adapter).ifPresent(entry -> own.put(commit.task(), entry));
                    count.values += adapter.entries();
                }
                certified(commit, own, model.commits(), findings);
                count.certificates += commit.event().value().certificate().size();
            }
        }
    }

    private static void baseFile(ModelHistory model, StoredFile file, History history, Findings findings) {
        try {
            history.blobs().fetch(file.sha256());
        } catch (TessellateException e) {
            findings.broken(Breach.of(
                            model.name(),
                            "file %s of its base: %s%s".formatted(file.name(), e.getMessage(), model.excuse()))
                    .path(Commit.path(file.sha256().hex())));
        }
    }

    /** All adapters that can be read, laid on each other. */
    private static OwnedValues values(
            ModelHistory model,
            History history,
            Map<Commit, Adapter> adapters,
            Map<Commit, TessellateException> unreadable) {
        OwnedValues values = new OwnedValues();
        for (Commit commit : model.commits()) {
            try {
                Adapter adapter = commit.read(history.blobs());
                adapters.put(commit, adapter);
                values.add(commit, adapter);
            } catch (TessellateException e) {
                unreadable.put(commit, e);
            }
        }
        if (model.exclusive()) {
            values.lay();
        }
        return values;
    }

    private static Breach unreadable(Commit commit, @Nullable TessellateException why, String excuse) {
        return commit.breach("its adapter cannot be read: %s%s".formatted(why == null ? "" : why.getMessage(), excuse))
                .path(Commit.path(commit.adapter()));
    }

    private static void origin(
            Commit commit, Adapter adapter, ModelRegistered base, List<VersionDigest> line, Findings findings) {
        var metadata = adapter.metadata();
        if (!metadata.task().toString().equals(commit.model() + "/" + commit.task())
                || !metadata.baseDigest().equals(base.baseDigest())
                || !line.contains(metadata.parent())) {
            findings.broken(
                    commit.breach("its adapter is of task %s, base %s and parent %s, which is no earlier version"
                                    .formatted(metadata.task(), metadata.baseDigest(), metadata.parent()))
                            .path(Commit.path(commit.adapter())));
        }
    }

    /** What its own bytes say; nothing where its file was changed since it was read first, which is a finding already. */
    private static Optional<CertifiedTask> certificate(Commit commit, Adapter adapter) {
        try {
            return Optional.of(
                    new CertifiedTask(commit.event().value().task(), adapter.entries(), Certificate.of(adapter)));
        } catch (DamagedFileException e) {
            return Optional.empty();
        }
    }

    /** What a version vouches for must be all tasks up to it, each as it was when it was committed. */
    private static void certified(
            Commit commit, Map<String, CertifiedTask> own, List<Commit> commits, Findings findings) {
        List<CertifiedTask> vouched = commit.event().value().certificate();
        List<String> expected = commits.stream()
                .filter(other -> other.version() <= commit.version())
                .map(Commit::task)
                .toList();
        List<String> said = vouched.stream().map(entry -> entry.task().value()).toList();
        if (!said.equals(expected)) {
            findings.broken(commit.breach("it vouches for %s, and holds %s".formatted(said, expected)));
        }
        for (CertifiedTask entry : vouched) {
            CertifiedTask bytes = own.get(entry.task().value());
            if (bytes != null && !bytes.equals(entry)) {
                findings.broken(commit.breach("for %s it vouches for %d weights of SHA-256 %s, their bytes are %d of %s"
                        .formatted(entry.task(), entry.owned(), entry.sha256(), bytes.owned(), bytes.sha256())));
            }
        }
    }
}
