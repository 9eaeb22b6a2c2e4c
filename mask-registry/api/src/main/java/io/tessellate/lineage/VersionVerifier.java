package io.tessellate.lineage;

import io.tessellate.error.StorageFailure;
import io.tessellate.id.Sha256;
import io.tessellate.id.TaskName;
import io.tessellate.mask.adapter.Adapter;
import io.tessellate.mask.adapter.Certificate;
import io.tessellate.mask.adapter.WeightSource;
import io.tessellate.safetensors.SafetensorsFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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
     * are what the log says.
     *
     * @param baseWeights the base's weight file
     */
    public Verification verify(ModelLine line, int version, Path baseWeights) {
        List<StoredFile> files = line.adaptersUpTo(version);
        VersionWeights weights = weights(files, baseWeights);
        List<Verification.VerifiedTask> tasks = new ArrayList<>();
        for (int number = 1; number <= version; number++) {
            tasks.add(verify(line, version, number, adapters.load(files.get(number - 1)), weights));
        }
        return new Verification(line.name(), version, digest(baseWeights).equals(line.baseDigest()), tasks);
    }

    private static Verification.VerifiedTask verify(
            ModelLine line, int version, int number, Adapter adapter, WeightSource weights) {
        CommittedVersion own = line.version(number);
        TaskName task = own.task().task();
        Sha256 actual = Certificate.of(adapter, weights);
        boolean descends = adapter.metadata().task().equals(own.task())
                && adapter.metadata().baseDigest().equals(line.baseDigest());
        boolean kept = line.ownership() == Ownership.SHARED
                || certified(own, task).filter(actual::equals).isPresent()
                        && certified(line.version(version), task)
                                .filter(actual::equals)
                                .isPresent();
        return new Verification.VerifiedTask(task, actual, descends && kept);
    }

    private static Optional<Sha256> certified(CommittedVersion version, TaskName task) {
        return version.certificate().stream()
                .filter(entry -> entry.task().equals(task))
                .map(CertifiedTask::sha256)
                .findFirst();
    }

    private VersionWeights weights(List<StoredFile> files, Path baseWeights) {
        try (SafetensorsFile base = SafetensorsFile.open(baseWeights)) {
            VersionWeights weights = new VersionWeights(update -> base.read(update.name()));
            files.forEach(file -> weights.assign(adapters.load(file)));
            return weights;
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
