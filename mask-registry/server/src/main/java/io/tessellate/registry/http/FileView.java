package io.tessellate.registry.http;

import io.tessellate.lineage.StoredFile;

/** A stored file in JSON. */
record FileView(String name, String sha256, long bytes) {
    static FileView of(StoredFile file) {
        return new FileView(file.name(), file.sha256().hex(), file.bytes());
    }
}
