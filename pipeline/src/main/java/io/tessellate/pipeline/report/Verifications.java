package io.tessellate.pipeline.report;

import io.tessellate.lineage.ModelLine;
import io.tessellate.lineage.verify.Verification;
import io.tessellate.lineage.verify.VersionVerifier;
import io.tessellate.mask.adapter.AdapterFile;
import io.tessellate.runtime.blob.BlobStore;

/** Checks versions whose files lie in a blob store. */
public final class Verifications {
    private Verifications() {}

    /** Holds a version against its certificates. */
    public static Verification verify(ModelLine line, int version, BlobStore blobs) {
        VersionVerifier verifier = new VersionVerifier(file -> AdapterFile.open(blobs.fetch(file.sha256())));
        return verifier.verify(line, version, file -> blobs.fetch(file.sha256()));
    }
}
