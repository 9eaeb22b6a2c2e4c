package io.tessellate.lineage.verify;

import io.tessellate.error.DamagedFileException;
import io.tessellate.error.RetriableException;
import io.tessellate.error.StoppedException;
import io.tessellate.error.StorageFailure;
import io.tessellate.error.TessellateException;
import io.tessellate.id.Sha256;
import io.tessellate.id.TaskName;
import io.tessellate.lineage.CommittedVersion;
import io.tessellate.lineage.ModelLine;
import io.tessellate.lineage.log.CertifiedTask;
import io.tessellate.lineage.log.StoredFile;
import io.tessellate.mask.adapter.Adapter;
import io.tessellate.mask.adapter.Certificate;
import io.tessellate.mask.adapter.TensorUpdate;
import io.tessellate.mask.adapter.WeightSource;
import io.tessellate.mask.grant.Ownership;
import io.tessellate.safetensors.SafetensorsFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
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
     * in that version. The base is not needed, since every owned weight is set by an adapter. Adapters are loaded one at a
     * time, twice, so that a version of any number of tasks takes the memory of its touched tensors and one adapter.
     *
     * @param earlier the committed adapters in the order of their commits
     */
    public List<CertifiedTask> certify(List<StoredFile> earlier, Adapter newest) {
        VersionWeights weights = new VersionWeights(
                update -> new float[Math.toIntExact(update.shape().elements())]);
        earlier.forEach(file -> weights.assign(adapters.load(file)));
        weights.assign(newest);
        List<CertifiedTask> certificate = new ArrayList<>();
        earlier.forEach(file -> certificate.add(certify(adapters.load(file), weights)));
        certificate.add(certify(newest, weights));
        return certificate;
    }

    private static CertifiedTask certify(Adapter adapter, WeightSource weights) {
        return new CertifiedTask(adapter.metadata().task().task(), adapter.entries(), Certificate.of(adapter, weights));
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
        VersionWeights weights = new VersionWeights(findings.base());
        for (StoredFile file : line.adaptersUpTo(version)) {
            findings.reading(file, () -> weights.assign(adapters.load(file)));
        }
        List<Verification.VerifiedTask> tasks = new ArrayList<>();
        for (int number = 1; number <= version; number++) {
            tasks.add(verify(line, version, number, weights, findings));
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

    private Verification.VerifiedTask verify(
            ModelLine line, int version, int number, WeightSource weights, Findings findings) {
        CommittedVersion own = line.version(number);
        StoredFile file = own.adapter();
        AtomicReference<@Nullable Sha256> digest = new AtomicReference<>();
        AtomicReference<@Nullable String> changed = new AtomicReference<>();
        findings.reading(file, () -> {
            Adapter adapter = adapters.load(file);
            Sha256 actual = Certificate.of(adapter, weights);
            digest.set(actual);
            changed.set(changed(line, version, own, adapter, actual));
        });
        TessellateException problem = findings.of(file);
        return new Verification.VerifiedTask(
                own.task().task(),
                number,
                digest.get(),
                path(problem),
                problem == null ? changed.get() : problem.getMessage());
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
                || vouches(own, task, actual) && vouches(line.version(version), task, actual);
        return kept ? null : "its weights have SHA-256 %s, which is not what was certified".formatted(actual);
    }

    private static boolean vouches(CommittedVersion version, TaskName task, Sha256 actual) {
        return version.certified(task)
                .filter(entry -> entry.sha256().equals(actual))
                .isPresent();
    }

    private static @Nullable String path(@Nullable TessellateException problem) {
        return problem instanceof DamagedFileException damaged ? damaged.path() : null;
    }

    /** What is wrong with which file, and the base's weights while they can be read. */
    private static final class Findings implements AutoCloseable {
        private final Map<StoredFile, TessellateException> problems = new HashMap<>();
        private @Nullable SafetensorsFile weights;

        /** Reads a file, or part of it; what goes wrong for good is noted. */
        void reading(StoredFile file, Runnable work) {
            try {
                work.run();
            } catch (RetriableException | StoppedException e) {
                throw e;
            } catch (TessellateException e) {
                problems.putIfAbsent(file, e);
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

        /** The base's values; without a base, zeros: what a task owns is set by adapters. */
        Function<TensorUpdate, float[]> base() {
            SafetensorsFile open = weights;
            return open == null
                    ? update -> new float[Math.toIntExact(update.shape().elements())]
                    : update -> open.read(update.name());
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
