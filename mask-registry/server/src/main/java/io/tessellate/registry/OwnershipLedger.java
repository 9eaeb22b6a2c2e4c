package io.tessellate.registry;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.RetriableException;
import io.tessellate.error.TessellateException;
import io.tessellate.id.ModelName;
import io.tessellate.lineage.CertifiedTask;
import io.tessellate.lineage.ExpanderClass;
import io.tessellate.lineage.ModelLine;
import io.tessellate.lineage.RegistryEvent;
import io.tessellate.lineage.StoredFile;
import io.tessellate.lineage.VersionVerifier;
import io.tessellate.mask.EligibleTensor;
import io.tessellate.mask.Mask;
import io.tessellate.mask.ParameterSpace;
import io.tessellate.mask.QuasiCyclicLift;
import io.tessellate.mask.adapter.Adapter;
import io.tessellate.mask.adapter.AdapterFile;
import io.tessellate.mask.adapter.VersionDigest;
import io.tessellate.runtime.blob.BlobStore;
import io.tessellate.safetensors.SafetensorsFile;
import io.tessellate.safetensors.Shape;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which weights are owned, read from the committed adapters. Nothing here is truth: everything is derived from files whose
 * digests stand in the log, kept for speed, and derived again after a restart.
 */
final class OwnershipLedger {
    private static final int LIFTS_KEPT = 8;

    private final BlobStore blobs;
    private final Map<ModelName, Owned> owned = new HashMap<>();
    private final Map<LiftKey, QuasiCyclicLift> lifts = new LinkedHashMap<>();

    OwnershipLedger(BlobStore blobs) {
        this.blobs = blobs;
    }

    /** The weights that some task of the model's newest version owns. */
    Mask owned(ModelLine line) {
        Owned known = owned.get(line.name());
        int from = known != null && known.isPrefixOf(line) ? known.version : 0;
        Mask union = from == 0 ? Mask.none(line.space()) : known.union;
        for (int version = from + 1; version <= line.currentVersion(); version++) {
            union = union.union(committed(line.version(version).adapter()).mask(line.space()));
        }
        int current = line.currentVersion();
        owned.put(line.name(), new Owned(current, line.versionDigest(current), union));
        return union;
    }

    /** The weights of one class of a lift. */
    Mask mask(ParameterSpace space, ExpanderClass lift) {
        return lift(space, lift).mask(lift.index());
    }

    /** The lift that a class is of. */
    QuasiCyclicLift lift(ParameterSpace space, ExpanderClass lift) {
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
     * @throws TessellateException with a retriable code if the blob store is away, with another if the adapter is bad
     */
    Adapter candidate(ModelLine line, StoredFile file) {
        if (!blobs.exists(file.sha256())) {
            boolean storeIsThere = line.files().stream().anyMatch(base -> blobs.exists(base.sha256()));
            throw storeIsThere
                    ? new TessellateException(
                            ErrorCode.MALFORMED_FILE, "adapter %s is not in the blob store".formatted(file.sha256()))
                    : new RetriableException(
                            ErrorCode.STORAGE,
                            "the blob store holds no file of model %s: it is away".formatted(line.name()));
        }
        return AdapterFile.read(blobs.fetch(file.sha256()));
    }

    /** Certificate of the version that a candidate would make. */
    List<CertifiedTask> certify(ModelLine line, Adapter candidate) {
        return new VersionVerifier(this::committed).certify(line.adaptersUpTo(line.currentVersion()), candidate);
    }

    /**
     * Checks that a base lies in the blob store and has the tensors it is registered with.
     *
     * @throws TessellateException with a retriable code if the blob store is away, with another if the base is bad
     */
    void checkBase(RegistryEvent.ModelRegistered base) {
        if (base.space().size() == 0) {
            throw new TessellateException(ErrorCode.INVALID_ARGUMENT, "a model must have eligible tensors");
        }
        StoredFile weights = base.files().stream()
                .filter(file -> file.sha256().equals(base.baseDigest()))
                .findFirst()
                .orElseThrow(() -> new TessellateException(
                        ErrorCode.INVALID_ARGUMENT, "no file of the base has its digest " + base.baseDigest()));
        for (StoredFile file : base.files()) {
            if (!blobs.exists(file.sha256())) {
                throw new TessellateException(
                        ErrorCode.MALFORMED_FILE,
                        "file %s of the base is not in the blob store: %s".formatted(file.name(), file.sha256()));
            }
        }
        checkTensors(blobs.fetch(weights.sha256()), base.space());
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
    private Adapter committed(StoredFile file) {
        try {
            return AdapterFile.read(blobs.fetch(file.sha256()));
        } catch (TessellateException e) {
            throw new RetriableException(
                    ErrorCode.STORAGE,
                    "committed adapter %s (%s) cannot be read: %s"
                            .formatted(file.name(), file.sha256(), e.getMessage()),
                    e);
        }
    }

    private record LiftKey(ParameterSpace space, int classes, long seed, boolean shared) {}

    /** Union of the masks of versions 1 to {@code version}. */
    private record Owned(int version, VersionDigest digest, Mask union) {
        boolean isPrefixOf(ModelLine line) {
            return version <= line.currentVersion()
                    && line.versionDigest(version).equals(digest);
        }
    }
}
