package io.tessellate.pipeline;

import io.tessellate.engine.model.files.BaseModel;
import io.tessellate.id.ModelName;
import io.tessellate.id.RunId;
import io.tessellate.id.Sha256;
import io.tessellate.id.TaskName;
import io.tessellate.lineage.Lineage;
import io.tessellate.lineage.ModelLine;
import io.tessellate.lineage.log.LoggedEvent;
import io.tessellate.lineage.log.RegistryEvent;
import io.tessellate.lineage.log.StoredFile;
import io.tessellate.mask.grant.Ownership;
import io.tessellate.runtime.blob.Blob;
import io.tessellate.runtime.blob.BlobStore;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** A model as the registry's log would tell of it, with versions of adapters that somebody trained; no broker needed. */
final class RegisteredModel {
    private final ModelName name = new ModelName("tiny");
    private final Lineage lineage = new Lineage();
    private final BlobStore blobs;
    private int events;
    private int versions;

    RegisteredModel(BlobStore blobs, BaseModel base, String origin) {
        this.blobs = blobs;
        List<StoredFile> files = new ArrayList<>();
        files.add(stored("model.safetensors", base.directory().resolve("model.safetensors")));
        base.files()
                .kept()
                .forEach(file -> files.add(stored(file, base.directory().resolve(file))));
        log(new RegistryEvent.ModelRegistered(
                base.digest(), files, base.layout().eligible(), Ownership.SHARED, 1, false, origin));
    }

    private StoredFile stored(String file, Path path) {
        Blob blob = blobs.put(file, path);
        return new StoredFile(blob.name(), blob.sha256(), blob.bytes());
    }

    private void log(RegistryEvent event) {
        events++;
        lineage.apply(new LoggedEvent(name, events, null, Instant.EPOCH.plusSeconds(events), event));
    }

    RegisteredModel commit(String task, Path adapter) {
        versions++;
        log(new RegistryEvent.AdapterCommitted(
                new TaskName(task),
                new RunId("run-" + versions),
                versions,
                versions,
                stored("adapter.safetensors", adapter),
                "lotto",
                1,
                0,
                "{}",
                Sha256.of(new byte[] {(byte) versions}),
                List.of()));
        return this;
    }

    ModelLine line() {
        return lineage.require(name);
    }
}
