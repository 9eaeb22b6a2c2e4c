package io.tessellate.pipeline.check;

import io.tessellate.error.DamagedFileException;
import io.tessellate.error.TessellateException;
import io.tessellate.lineage.log.CertifiedTask;
import io.tessellate.lineage.log.RegistryEvent.ModelRegistered;
import io.tessellate.lineage.log.StoredFile;
import io.tessellate.mask.adapter.Adapter;
import io.tessellate.mask.adapter.Certificate;
import io.tessellate.mask.adapter.VersionDigest;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
        Map<Commit, CertifiedTask> own = new HashMap<>();
        Set<VersionDigest> earlier = new HashSet<>(Set.of(VersionDigest.base(base.baseDigest())));
        for (Version version : model.versions()) {
            Commit commit = version.commit();
            if (commit != null) {
                committed(model, commit, base, adapters.get(commit), unreadable.get(commit), earlier, findings, count);
                Adapter adapter = adapters.get(commit);
                if (model.exclusive() && adapter != null) {
                    values.moved(commit).forEach(findings::broken);
                    certificate(commit, adapter).ifPresent(entry -> own.put(commit, entry));
                    count.values += adapter.entries();
                }
            }
            earlier.add(version.digest(base.baseDigest()));
            if (model.exclusive()) {
                certified(version, own, findings);
                count.certificates += version.certificate().size();
            }
        }
    }

    private static void committed(
            ModelHistory model,
            Commit commit,
            ModelRegistered base,
            @Nullable Adapter adapter,
            @Nullable TessellateException why,
            Set<VersionDigest> earlier,
            Findings findings,
            Count count) {
        count.files++;
        if (adapter == null) {
            findings.broken(unreadable(commit, why, model.excuse()));
        } else {
            origin(commit, adapter, base, earlier, findings);
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
        for (Version version : model.versions()) {
            Commit commit = version.commit();
            if (commit == null) {
                continue;
            }
            try {
                Adapter adapter = commit.read(history.blobs());
                adapters.put(commit, adapter);
                values.add(commit, adapter, version.builtOn());
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
            Commit commit, Adapter adapter, ModelRegistered base, Set<VersionDigest> earlier, Findings findings) {
        var metadata = adapter.metadata();
        if (!metadata.task().toString().equals(commit.model() + "/" + commit.task())
                || !metadata.baseDigest().equals(base.baseDigest())
                || !earlier.contains(metadata.parent())) {
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

    /** What a version vouches for must be all tasks that it holds, each as it was when it was committed. */
    private static void certified(Version version, Map<Commit, CertifiedTask> own, Findings findings) {
        List<String> said = version.certificate().stream()
                .map(entry -> entry.task().value())
                .toList();
        if (!said.equals(version.tasks())) {
            findings.broken(version.breach("it vouches for %s, and holds %s".formatted(said, version.tasks())));
        }
        for (CertifiedTask entry : version.certificate()) {
            CertifiedTask bytes = version.of(entry.task().value()).map(own::get).orElse(null);
            if (bytes != null && !bytes.equals(entry)) {
                findings.broken(
                        version.breach("for %s it vouches for %d weights of SHA-256 %s, their bytes are %d of %s"
                                .formatted(
                                        entry.task(), entry.owned(), entry.sha256(), bytes.owned(), bytes.sha256())));
            }
        }
    }
}
