package io.tessellate.lineage.verify;

import static java.util.Objects.requireNonNull;

import io.tessellate.error.DamagedFileException;
import io.tessellate.error.RetriableException;
import io.tessellate.error.StoppedException;
import io.tessellate.error.StorageFailure;
import io.tessellate.error.TessellateException;
import io.tessellate.id.Sha256;
import io.tessellate.id.TaskName;
import io.tessellate.lineage.CommittedVersion;
import io.tessellate.lineage.Holding;
import io.tessellate.lineage.ModelLine;
import io.tessellate.lineage.log.CertifiedTask;
import io.tessellate.lineage.log.StoredFile;
import io.tessellate.mask.adapter.Adapter;
import io.tessellate.mask.adapter.TensorUpdate;
import io.tessellate.mask.grant.Ownership;
import io.tessellate.safetensors.SafetensorsFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Computes a version's certificate from its files, and checks a version against what was certified. Nothing is taken from
 * the log but the digests that are checked.
 */
public final class VersionVerifier {
    private final AdapterSource adapters;

    /** A verifier that loads adapters from a source which checks their bytes. */
    public VersionVerifier(AdapterSource adapters) {
        this.adapters = adapters;
    }

    /**
     * Certificate of the version that a new adapter makes on top of committed ones: for each, the weights it owns as they are
     * in that version. Tensor by tensor, so that a version of any number of tasks takes the memory of its largest touched
     * tensor, as long as the source leaves the adapters' values in their files.
     *
     * @param earlier the committed adapters in the order of their commits
     */
    public List<CertifiedTask> certify(List<StoredFile> earlier, Adapter newest) {
        VersionSweep sweep = new VersionSweep(
                (added, work) -> {
                    work.run();
                    return true;
                },
                update -> update.shape().elements());
        List<Adapter> all = new ArrayList<>();
        earlier.forEach(file -> all.add(adapters.load(file)));
        all.add(newest);
        all.forEach(sweep::add);
        List<CertifiedTask> certificate = new ArrayList<>();
        for (Sha256 digest : sweep.digests()) {
            Adapter adapter = all.get(certificate.size());
            certificate.add(
                    new CertifiedTask(adapter.metadata().task().task(), adapter.entries(), requireNonNull(digest)));
        }
        return certificate;
    }

    /**
     * Recomputes the digest of every task's weights in a version and holds it against the certificate of that version and
     * of the one the task was committed as. Under shared ownership nothing was certified: there it is enough that all files
     * are what the log says. A file that is damaged is a finding like any other: the rest is checked all the same.
     *
     * @param base finds a file of the base
     */
    public Verification verify(ModelLine line, int version, Function<StoredFile, Path> base) {
        try (Findings findings = new Findings()) {
            return verify(line, version, base, findings);
        }
    }

    private Verification verify(ModelLine line, int version, Function<StoredFile, Path> base, Findings findings) {
        List<Verification.VerifiedFile> baseFiles = line.files().stream()
                .map(file -> verify(line, file, base, findings))
                .toList();
        List<@Nullable Adapter> loaded = new ArrayList<>();
        List<StoredFile> swept = new ArrayList<>();
        VersionSweep sweep =
                new VersionSweep((added, work) -> findings.reading(swept.get(added), work), findings::size);
        Holding holding = line.holding(version);
        for (StoredFile file : holding.files()) {
            AtomicReference<@Nullable Adapter> adapter = new AtomicReference<>();
            findings.reading(file, () -> adapter.set(adapters.load(file)));
            loaded.add(adapter.get());
            if (adapter.get() != null) {
                swept.add(file);
                sweep.add(adapter.get());
            }
        }
        Iterator<@Nullable Sha256> digests = sweep.digests().iterator();
        List<Verification.VerifiedTask> tasks = new ArrayList<>();
        for (Adapter adapter : loaded) {
            CommittedVersion own = holding.commits().get(tasks.size());
            tasks.add(verified(line, version, own, adapter, adapter == null ? null : digests.next(), findings));
        }
        return new Verification(line.name(), version, baseFiles, tasks);
    }

    private static Verification.VerifiedFile verify(
            ModelLine line, StoredFile file, Function<StoredFile, Path> base, Findings findings) {
        AtomicReference<@Nullable Path> found = new AtomicReference<>();
        findings.reading(file, () -> {
            Path path = base.apply(file);
            found.set(path);
            if (file.sha256().equals(line.baseDigest())) {
                findings.weights(path, line.baseDigest());
            }
        });
        TessellateException problem = findings.of(file);
        Path path = found.get();
        return new Verification.VerifiedFile(
                file.name(),
                path == null ? path(problem) : path.toString(),
                problem == null ? null : problem.getMessage());
    }

    private static Verification.VerifiedTask verified(
            ModelLine line,
            int version,
            CommittedVersion own,
            @Nullable Adapter adapter,
            @Nullable Sha256 digest,
            Findings findings) {
        TessellateException problem = findings.of(own.adapter());
        String changed = adapter == null || digest == null ? null : changed(line, version, own, adapter, digest);
        return new Verification.VerifiedTask(
                own.task().task(),
                own.number(),
                digest,
                path(problem),
                problem == null ? changed : problem.getMessage());
    }

    private static @Nullable String changed(
            ModelLine line, int version, CommittedVersion own, Adapter adapter, Sha256 actual) {
        if (!adapter.metadata().task().equals(own.task())
                || !adapter.metadata().baseDigest().equals(line.baseDigest())) {
            return "its adapter is of task %s on base %s"
                    .formatted(adapter.metadata().task(), adapter.metadata().baseDigest());
        }
        TaskName task = own.task().task();
        boolean kept = line.ownership() == Ownership.SHARED
                || vouches(own.certificate(), task, actual)
                        && vouches(line.version(version).certificate(), task, actual);
        return kept ? null : "its weights have SHA-256 %s, which is not what was certified".formatted(actual);
    }

    private static boolean vouches(List<CertifiedTask> certificate, TaskName task, Sha256 actual) {
        return certificate.stream()
                .anyMatch(entry -> entry.task().equals(task) && entry.sha256().equals(actual));
    }

    private static @Nullable String path(@Nullable TessellateException problem) {
        return problem instanceof DamagedFileException damaged ? damaged.path() : null;
    }

    /** What is wrong with which file, and the base's weights while they can be read. */
    private static final class Findings implements AutoCloseable {
        private final Map<StoredFile, TessellateException> problems = new HashMap<>();
        private @Nullable SafetensorsFile weights;

        /** Reads a file, or part of it; what goes wrong for good is noted. Whether it went well. */
        boolean reading(StoredFile file, Runnable work) {
            try {
                work.run();
                return true;
            } catch (RetriableException | StoppedException e) {
                throw e;
            } catch (TessellateException e) {
                problems.putIfAbsent(file, e);
                return false;
            }
        }

        @Nullable
        TessellateException of(StoredFile file) {
            return problems.get(file);
        }

        void weights(Path path, Sha256 expected) {
            weights = SafetensorsFile.open(path);
            Sha256 actual = digest(path);
            if (!actual.equals(expected)) {
                throw new DamagedFileException(
                        path.toString(), "it holds bytes of SHA-256 %s, not %s".formatted(actual, expected));
            }
        }

        /** How many values the base has in a tensor; without a base, as many as the update says. */
        long size(TensorUpdate update) {
            SafetensorsFile open = weights;
            if (open == null) {
                return update.shape().elements();
            }
            return open.contains(update.name()) ? open.info(update.name()).elements() : 0;
        }

        @Override
        public void close() {
            if (weights != null) {
                weights.close();
            }
        }

        private static Sha256 digest(Path file) {
            try {
                return Sha256.of(file);
            } catch (IOException e) {
                throw StorageFailure.of("cannot read " + file, e);
            }
        }
    }
}
