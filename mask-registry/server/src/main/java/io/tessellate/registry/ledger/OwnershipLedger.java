package io.tessellate.registry.ledger;

import io.tessellate.error.DamagedFileException;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.RetriableException;
import io.tessellate.error.StoppedException;
import io.tessellate.error.TessellateException;
import io.tessellate.id.ModelName;
import io.tessellate.lineage.CommittedVersion;
import io.tessellate.lineage.Holding;
import io.tessellate.lineage.ModelLine;
import io.tessellate.lineage.log.CertifiedTask;
import io.tessellate.lineage.log.RegistryEvent;
import io.tessellate.lineage.log.StoredFile;
import io.tessellate.lineage.verify.VersionVerifier;
import io.tessellate.mask.EligibleTensor;
import io.tessellate.mask.Mask;
import io.tessellate.mask.ParameterSpace;
import io.tessellate.mask.RecentMasks;
import io.tessellate.mask.adapter.Adapter;
import io.tessellate.mask.adapter.AdapterFile;
import io.tessellate.mask.expander.QuasiCyclicLift;
import io.tessellate.mask.grant.ExpanderClass;
import io.tessellate.runtime.blob.BlobStore;
import io.tessellate.safetensors.SafetensorsFile;
import io.tessellate.safetensors.Shape;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Which weights are owned, read from the committed adapters. Nothing here is truth: everything is derived from files whose
 * digests stand in the log, kept for speed, and derived again after a restart.
 */
public final class OwnershipLedger {
    private static final int LIFTS_KEPT = 8;

    private final BlobStore blobs;
    private final RecentMasks<ModelName, Owned> owned;
    private final Map<LiftKey, QuasiCyclicLift> lifts = new LinkedHashMap<>();

    /** A ledger that keeps the masks of the models asked for last, in a share of the heap. */
    public OwnershipLedger(BlobStore blobs) {
        this(blobs, RecentMasks.ofHeap(Owned::union));
    }

    /** The same that keeps so many bytes of masks. */
    public OwnershipLedger(BlobStore blobs, long mostBytes) {
        this(blobs, new RecentMasks<>(mostBytes, Owned::union));
    }

    private OwnershipLedger(BlobStore blobs, RecentMasks<ModelName, Owned> owned) {
        this.blobs = blobs;
        this.owned = owned;
    }

    /** The weights that some task of the model owns: those of the adapters that the next version will hold. */
    public Mask owned(ModelLine line) {
        Holding holding = line.holding();
        Optional<Owned> known =
                owned.get(line.name()).filter(before -> before.holding().begins(holding));
        int from = known.map(before -> before.holding().size()).orElse(0);
        Mask union = known.map(Owned::union).orElseGet(() -> Mask.none(line.space()));
        for (StoredFile file : holding.files().subList(from, holding.size())) {
            union = union.union(committed(line, file).mask(line.space()));
        }
        owned.put(line.name(), new Owned(holding, union));
        return union;
    }

    /** The weights of one class of a lift. */
    public Mask mask(ParameterSpace space, ExpanderClass lift) {
        return lift(space, lift).mask(lift.index());
    }

    /** The lift that a class is of. */
    public QuasiCyclicLift lift(ParameterSpace space, ExpanderClass lift) {
        LiftKey key = new LiftKey(space, lift.lift(), lift.seed(), lift.shared());
        QuasiCyclicLift known = lifts.get(key);
        if (known == null) {
            known = new QuasiCyclicLift(space, lift.lift(), lift.seed(), lift.shared());
            if (lifts.size() >= LIFTS_KEPT) {
                lifts.remove(lifts.keySet().iterator().next());
            }
            lifts.put(key, known);
        }
        return known;
    }

    /**
     * An adapter that asks to be committed.
     *
     * @throws TessellateException a retriable one if the blob store is away, another if the adapter is bad
     */
    public Adapter candidate(StoredFile file) {
        try {
            return AdapterFile.open(blobs.fetch(file.sha256()));
        } catch (DamagedFileException e) {
            throw new TessellateException(
                    ErrorCode.MALFORMED_FILE,
                    "adapter %s is not sound in the blob store: %s".formatted(file.sha256(), e.getMessage()),
                    e);
        }
    }

    /**
     * Looks whether the files of a model are as they were stored; those that nobody has touched since are not read again.
     *
     * @throws ModelDamagedException with the first that is not
     */
    public void requireSound(ModelLine line) {
        for (StoredFile file : files(line)) {
            sound(line, file, () -> blobs.check(file.sha256()));
        }
    }

    /** What would park a model: every file is read in full. */
    public Optional<RegistryEvent.ModelParked> damage(ModelLine line) {
        try {
            for (StoredFile file : files(line)) {
                sound(line, file, () -> blobs.fetch(file.sha256()));
            }
            return Optional.empty();
        } catch (ModelDamagedException e) {
            return Optional.of(e.parked());
        }
    }

    private static List<StoredFile> files(ModelLine line) {
        return Stream.concat(line.files().stream(), line.adaptersInUse().stream())
                .toList();
    }

    /**
     * Looks whether the version that some committed adapters make vouches for what their commits vouched for: every weight they own is
     * read as it would be there.
     *
     * @param holds the versions that brought the adapters, at least one
     * @throws TessellateException FROZEN_WEIGHT_CHANGED if it does not
     */
    public void requireCertified(ModelLine line, List<Integer> holds, List<CertifiedTask> certificate) {
        List<StoredFile> files = line.holding().commits().stream()
                .filter(commit -> holds.contains(commit.number()))
                .map(CommittedVersion::adapter)
                .toList();
        StoredFile last = files.get(files.size() - 1);
        List<CertifiedTask> now = certify(line, files.subList(0, files.size() - 1), committed(line, last));
        if (!now.equals(certificate)) {
            throw new TessellateException(
                    ErrorCode.FROZEN_WEIGHT_CHANGED,
                    "a version of %s would vouch for %s; committed was %s".formatted(holds, now, certificate));
        }
    }

    /** Certificate of the version that a candidate would make. */
    public List<CertifiedTask> certify(ModelLine line, Adapter candidate) {
        return certify(line, line.holding().files(), candidate);
    }

    private List<CertifiedTask> certify(ModelLine line, List<StoredFile> earlier, Adapter newest) {
        Map<String, StoredFile> byPath = new HashMap<>();
        VersionVerifier verifier = new VersionVerifier(file -> {
            Adapter adapter = committed(line, file);
            byPath.put(blobs.check(file.sha256()).toString(), file);
            return adapter;
        });
        try {
            return verifier.certify(earlier, newest);
        } catch (DamagedFileException e) {
            // Files are read again as the certificate is made; the candidate's own is the fault of whoever brings it.
            StoredFile file = byPath.get(e.path());
            throw file == null ? e : new ModelDamagedException(parked(line, file, e), e);
        }
    }

    /**
     * Checks that a base lies in the blob store and has the tensors it is registered with.
     *
     * @throws TessellateException with a retriable code if the blob store is away, with another if the base is bad
     */
    public void checkBase(RegistryEvent.ModelRegistered base) {
        if (base.space().size() == 0) {
            throw new TessellateException(ErrorCode.INVALID_ARGUMENT, "a model must have eligible tensors");
        }
        StoredFile weights = base.files().stream()
                .filter(file -> file.sha256().equals(base.baseDigest()))
                .findFirst()
                .orElseThrow(() -> new TessellateException(
                        ErrorCode.INVALID_ARGUMENT, "no file of the base has its digest " + base.baseDigest()));
        for (StoredFile file : base.files()) {
            checkFile(file);
        }
        checkTensors(blobs.fetch(weights.sha256()), base.space());
    }

    private void checkFile(StoredFile file) {
        try {
            blobs.check(file.sha256());
        } catch (DamagedFileException e) {
            throw new TessellateException(
                    ErrorCode.MALFORMED_FILE,
                    "file %s of the base is not sound in the blob store: %s".formatted(file.name(), e.getMessage()),
                    e);
        }
    }

    private static void checkTensors(Path weights, ParameterSpace space) {
        try (SafetensorsFile file = SafetensorsFile.open(weights)) {
            for (EligibleTensor tensor : space.tensors()) {
                Shape expected = Shape.of(tensor.rows(), tensor.columns());
                if (!file.info(tensor.name()).shape().equals(expected)) {
                    throw new TessellateException(
                            ErrorCode.TENSOR_MISMATCH,
                            "tensor '%s' has shape %s in the base, %s where it is registered"
                                    .formatted(
                                            tensor.name(),
                                            file.info(tensor.name()).shape(),
                                            expected));
                }
            }
        }
    }

    /** A committed adapter. One that cannot be read is our trouble, never the fault of whoever asks now. */
    private Adapter committed(ModelLine line, StoredFile file) {
        return sound(line, file, () -> AdapterFile.open(blobs.fetch(file.sha256())));
    }

    /** What comes of reading a file of the model, which parks it if the file is not as it was stored. */
    private static <T> T sound(ModelLine line, StoredFile file, Supplier<T> reading) {
        try {
            return reading.get();
        } catch (RetriableException | StoppedException e) {
            throw e;
        } catch (TessellateException e) {
            throw new ModelDamagedException(parked(line, file, e), e);
        }
    }

    private static RegistryEvent.ModelParked parked(ModelLine line, StoredFile file, TessellateException e) {
        String path = e instanceof DamagedFileException damaged ? damaged.path() : null;
        String remedy = "%s; put the file back and run: tessellate resume %s".formatted(e.getMessage(), line.name());
        return line.commits().stream()
                .filter(version -> version.adapter().sha256().equals(file.sha256()))
                .findFirst()
                .map(version -> new RegistryEvent.ModelParked(
                        e.code(),
                        "adapter of task %s, version %d: %s"
                                .formatted(version.task().task(), version.number(), remedy),
                        version.task().task(),
                        version.number(),
                        path))
                .orElseGet(() -> new RegistryEvent.ModelParked(
                        e.code(), "%s of the base: %s".formatted(file.name(), remedy), null, null, path));
    }

    private record LiftKey(ParameterSpace space, int classes, long seed, boolean shared) {}

    /** Union of the masks of some adapters. */
    private record Owned(Holding holding, Mask union) {}
}
