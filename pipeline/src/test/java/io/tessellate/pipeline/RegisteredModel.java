package io.tessellate.pipeline;

import io.tessellate.engine.model.files.BaseModel;
import io.tessellate.id.Sha256;
import io.tessellate.lineage.ModelLine;
import io.tessellate.lineage.fixture.RegistryLog;
import io.tessellate.lineage.log.RegistryEvent;
import io.tessellate.lineage.log.StoredFile;
import io.tessellate.mask.grant.Ownership;
import io.tessellate.pipeline.export.TaskManifests;
import io.tessellate.runtime.blob.Blob;
import io.tessellate.runtime.blob.BlobStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A model as the registry's log would tell of it, with versions of adapters that somebody trained; no broker needed. */
final class RegisteredModel {
    /** Nobody knows what the tasks were trained on. */
    static final TaskManifests MANIFESTS = (task, dataset) -> Optional.empty();

    private final RegistryLog log = new RegistryLog("tiny");
    private final BlobStore blobs;
    private int versions;

    RegisteredModel(BlobStore blobs, BaseModel base, String origin) {
        this.blobs = blobs;
        List<StoredFile> files = new ArrayList<>();
        files.add(stored("model.safetensors", base.directory().resolve("model.safetensors")));
        base.files()
                .kept()
                .forEach(file -> files.add(stored(file, base.directory().resolve(file))));
        log.log(new RegistryEvent.ModelRegistered(
                base.digest(), files, base.layout().eligible(), Ownership.SHARED, 1, false, origin));
    }

    private StoredFile stored(String file, Path path) {
        Blob blob = blobs.put(file, path);
        return new StoredFile(blob.name(), blob.sha256(), blob.bytes());
    }

    RegisteredModel commit(String task, Path adapter) {
        versions++;
        log.commit(task, stored("adapter.safetensors", adapter), "{}", Sha256.of(new byte[] {(byte) versions}));
        return this;
    }

    ModelLine line() {
        return log.line();
    }
}
